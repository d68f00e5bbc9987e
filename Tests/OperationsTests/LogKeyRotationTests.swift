import Access
import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import Projections
import TestKit
import Testing
import TransparencyLog
import Verification

@testable import Operations

/// The log's key is replaced, and whoever has pinned the old one follows.
@Suite struct LogKeyRotationTests {
  private let shop: Shop
  private var ring: String { shop.session.keys.directory }

  init() async throws { shop = try await Shop() }

  private func rotate(
    by recovery: KeyAuthority? = nil
  ) async throws -> LogKeyRotation.Rotated {
    try await LogKeyRotation(
      shop.workspace, variables: shop.variables, recovery: recovery, time: shop.time
    ).run()
  }

  private func isThere(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: ring + "/" + name)
  }

  private func open() throws -> Session {
    try Session.open(
      shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
  }

  private func keyid(_ name: String) throws -> KeyID {
    KeyID(bytes: try KeyFile.read(ring + "/" + name).publicKey.keyid)
  }

  private func move(_ name: String, to other: String) throws {
    try FileManager.default.moveItem(atPath: ring + "/" + name, toPath: ring + "/" + other)
  }

  /// Verifies from the key that `init` pinned.
  private func verdict() async throws -> VerificationVerdict {
    try await VerifyWork(shop.workspace, variables: shop.variables).verify(vkey: nil) { _ in }
      .verdict
  }

  private func append(in session: Session) async throws {
    _ = try await session.authorize(
      .recordBuild, by: shop.person, application: "shop", environment: nil)
  }

  @Test func `one entry registers the new key and revokes the old`() async throws {
    let old = try keyid("log.pem")
    let rotated = try await rotate()

    let state = try await open().state().keys
    #expect(rotated.old == old)
    #expect(state.byID[old]?.revoked == rotated.position)
    #expect(state.byID[rotated.new]?.registered == rotated.position)
    #expect(state.byID[rotated.new]?.owner == state.byID[old]?.owner)
    #expect(try keyid("log.pem") == rotated.new)
    #expect(try keyid("log-\(old.hex).pem") == old)
    #expect(!isThere("log-next.pem"))
    #expect(try await verdict() == .verified)
  }

  @Test func `the new key signs checkpoints from the next entry on, every time`() async throws {
    let pinned = try shop.session.verifierKey()
    for _ in 0..<2 {
      let rotated = try await rotate()
      let session = try open()
      try await append(in: session)
      let verifier = try session.verifierKey()
      #expect(verifier != pinned)
      #expect(KeyID(bytes: try PublicKey(raw: verifier.key).keyid) == rotated.new)
      try await session.close()
      #expect(try await verdict() == .verified)
    }
  }

  @Test func `a rotation that the old key did not sign is refused`() async throws {
    let state = try await shop.session.state().keys
    let old = try #require(state.all.first { $0.role == .log })
    let forged = Signer(actor: old.owner, key: .generate())
    let draft = EntryDraft([
      DraftEvent(
        KeyRegistered(
          key: PublicKeyBytes(spki: forged.key.publicKey.spki), owner: forged.actor, role: .log),
        in: .key(forged.keyid)),
      DraftEvent(KeyRevoked(reason: "rotated", suspectFrom: nil), in: .key(old.keyid)),
    ])

    await #expect(throws: AppendError.quorumMissing(signed: 0, needed: 1)) {
      try await shop.session.record(
        draft, by: shop.session.signer(.administrator), cosigners: [forged])
    }
    await #expect(throws: AppendError.self) {
      try await shop.session.record(draft, by: shop.person, cosigners: [forged])
    }
    #expect(try await verdict() == .verified)
  }

  @Test func `a rotation that stopped before its entry takes the key it made`() async throws {
    try KeyFile.write(.generate(), to: ring + "/log-next.pem")
    let made = try keyid("log-next.pem")

    #expect(try await rotate().new == made)
    #expect(try await verdict() == .verified)
  }

  @Test func `a rotation that stopped after its entry only names the files`() async throws {
    let rotated = try await rotate()
    try move("log.pem", to: "log-next.pem")
    try move("log-\(rotated.old.hex).pem", to: "log.pem")
    let session = try open()
    try await append(in: session)
    try await session.close()

    let again = try await rotate()

    #expect(again.position == rotated.position)
    #expect(again.old == rotated.old)
    #expect(again.new == rotated.new)
    #expect(try keyid("log.pem") == rotated.new)
    #expect(try keyid("log-\(rotated.old.hex).pem") == rotated.old)
  }

  @Test func `a rotation that stopped between two names goes on`() async throws {
    let rotated = try await rotate()
    try move("log.pem", to: "log-next.pem")
    let session = try open()
    try await append(in: session)
    try await session.close()

    #expect(try await rotate().new == rotated.new)
    #expect(try keyid("log.pem") == rotated.new)
    #expect(try await verdict() == .verified)
  }

  @Test(arguments: [true, false])
  func `without the old key nothing is rotated and no key is made`(hasForeign: Bool) async throws {
    let old = try keyid("log.pem")
    try move("log.pem", to: "elsewhere.pem")
    if hasForeign { try KeyFile.write(.generate(), to: ring + "/log.pem") }

    let failure = await #expect(throws: LedgerError.self) { try await rotate() }

    #expect(failure == .logKeyMissing(keyid: old))
    #expect(failure?.description.contains("rotate-log --log-key-lost --recovery FILE") == true)
    #expect(!isThere("log-next.pem"))
  }

  @Test(arguments: [true, false])
  func `recovery keys replace a log key that is lost`(hasForeign: Bool) async throws {
    let old = try keyid("log.pem")
    try FileManager.default.removeItem(atPath: ring + "/log.pem")
    if hasForeign { try KeyFile.write(.generate(), to: ring + "/log.pem") }

    let rotated = try await rotate(by: KeyAuthority())

    #expect(rotated.old == old)
    #expect(try keyid("log.pem") == rotated.new)
    let session = try open()
    #expect(try await session.state().keys.byID[old]?.revoked == rotated.position)
    try await append(in: session)
    try await session.close()
    #expect(try await verdict() == .verified)
    #expect(try await rotate().old == rotated.new)
  }

  @Test func `too few recovery keys replace no log key, and none is made`() async throws {
    try FileManager.default.removeItem(atPath: ring + "/log.pem")
    try move("recovery.pem", to: "elsewhere")

    await #expect(throws: KeyWorkError.quorum(found: 0, needed: 1)) {
      try await rotate(by: KeyAuthority())
    }

    #expect(!isThere("log-next.pem"))
  }

  @Test func `an administrator who is suspended replaces no log key that is lost`() async throws {
    let suspended = AccessSuspended(
      actor: shop.person.actor, applications: .all, environments: .all)
    _ = try await shop.session.record(
      EntryDraft([DraftEvent(suspended, in: .grant(shop.person.actor))]),
      by: shop.session.signer(.administrator))
    try FileManager.default.removeItem(atPath: ring + "/log.pem")
    let size = try shop.session.ledger.head().size

    await #expect(throws: KeyWorkError.rotationDenied(shop.person.actor)) {
      try await rotate(by: KeyAuthority())
    }

    #expect(try shop.session.ledger.head().size == size)
  }

  @Test func `what is registered already does not become the log's key`() async throws {
    let path = ring + "/log-next.pem"
    _ = try await KeyAddition(shop.session).add(.file(path), role: .actor, owner: nil, grant: nil)

    await #expect(throws: KeyWorkError.nextLogKey(path: path, role: .actor)) {
      try await rotate()
    }

    try move("log-next.pem", to: "log-next.pem.unused")
    _ = try await rotate()
    #expect(try await verdict() == .verified)
  }

  @Test func `a copy from before two rotations goes on with the key of then`() async throws {
    let first = try keyid("log.pem")
    let copy = shop.directory.file("backup")
    try await shop.backUp(to: copy)
    let second = try await rotate().new
    _ = try await rotate()
    try shop.lose("ledger.sqlite")

    let restored = try await shop.restore(copy) { $0.startsIncarnation = true }

    #expect(restored.incarnation != nil)
    #expect(isThere("log-\(first.hex).pem") && isThere("log-\(second.hex).pem"))
    let doctor = DoctorLogKeys(shop.session.keys, try await open().state().keys).findings()
    #expect(doctor.map(\.verdict) == [.failed, .ok, .ok])
    #expect(doctor.first?.next == "stele key rotate-log")
    let session = try open()
    try await append(in: session)
    try await session.close()
    #expect(try await verdict() == .verified)
    #expect(try await rotate().old == first)
    #expect(try await verdict() == .verified)
  }

  @Test func `the previous key is read by the name it once had`() async throws {
    let old = try keyid("log.pem")
    let rotated = try await rotate()
    try move("log-\(old.hex).pem", to: "log-previous.pem")

    let held = try shop.session.keys.logKeys().map { KeyID(bytes: $0.publicKey.keyid) }

    #expect(held == [rotated.new, old])
  }
}
