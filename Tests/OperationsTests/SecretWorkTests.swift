import Access
import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import Projections
import SecretStore
import TestKit
import Testing
import Verification

@testable import Operations

/// Secrets where something fails: before the value is durable, between it and its entry, and after.
@Suite struct SecretWorkTests {
  private let shop: Shop
  private var place: Place { Shop.staging }
  private var file: SecretsFile { SecretsFile(place, in: shop.workspace.ledger) }

  init() async throws { shop = try await Shop() }

  private static func secret(_ text: String) -> SecretBytes { SecretBytes(Array(text.utf8)) }

  @discardableResult
  private func set(
    _ name: SecretName, _ value: String, _ manner: SecretWork.Manner = .setting,
    by person: Signer? = nil, in session: Session? = nil
  ) async throws -> SecretWork.Changed {
    try await SecretWork(session ?? shop.session, in: place, by: person ?? shop.person).set(
      name, to: Self.secret(value), manner, opening: .keyFile, reason: nil)
  }

  private func secrets() async throws -> Secrets { try await shop.session.state().secrets }

  private func opened(_ name: SecretName, version: Int) async throws -> String {
    let open = try await SecretDoor(shop.session, place).open(
      try #require(try file.read()), .keyFile)
    let box = try #require(open.sealed.box(name, version: version))
    return try open.key.open(box, as: name, version: version).read {
      String(decoding: $0, as: UTF8.self)
    }
  }

  private func doctor() async -> [DoctorFinding] { await DoctorSecrets(shop.session).findings() }

  private func verified() async throws {
    #expect(try await shop.unentitled() == [])
    #expect(try await shop.verify().verdict == .verified)
  }

  @Test func `a value that cannot be written is not recorded`() async throws {
    try await set("token", "one")
    let size = try await shop.session.state().size
    try FileManager.default.createDirectory(
      atPath: file.path + ".new", withIntermediateDirectories: false)

    await #expect(throws: LedgerError.self) { try await set("token", "two") }

    #expect(try await shop.session.state().size == size + 1, "the decision alone")
    #expect(try await opened("token", version: 1) == "one")
    #expect(await doctor().map(\.verdict) == [.ok])
  }

  @Test func `a value whose entry is refused is taken out again`() async throws {
    let leaver = try await shop.stranger()
    try await shop.grant(.deployer, to: leaver)
    try await set("token", "one", by: leaver)
    let before = try file.read()
    _ = try await KeyRevocation(shop.session).revoke(
      leaver.keyid.hex, reason: .left, suspectFrom: nil)

    await #expect(throws: AppendError.self) { try await set("token", "two", by: leaver) }

    #expect(try file.read() == before)
    #expect(try await secrets().secret("token", in: place)?.versions.count == 1)
  }

  @Test func `a value whose entry never came is named, given to nobody, and replaced`()
    async throws
  {
    try await set("token", "one")
    let open = try await SecretDoor(shop.session, place).open(
      try #require(try file.read()), .keyFile)
    try file.changing { file in
      var sealed = open.sealed
      sealed.put(
        open.key.seal(Self.secret("lost"), as: "token", version: 2, random: SystemRandom()),
        as: "token", version: 2)
      try file.replace(with: sealed)
    }

    let found = await doctor()
    let changed = try await set("token", "two")

    #expect(found.map(\.verdict) == [.warning])
    #expect(found.first?.value == "version 2 of token was never recorded")
    #expect(found.first?.next == "stele secret set staging token")
    #expect(changed.version == 2)
    #expect(try await opened("token", version: 2) == "two")
    #expect(await doctor().map(\.verdict) == [.ok])
  }

  @Test func `values that were retired and not deleted go with the next change`() async throws {
    try await set("token", "one")
    let before = try #require(try file.read())
    try await set("token", "two", .rotating)
    let old = try #require(before.box("token", version: 1))
    try file.changing { file in
      var sealed = try #require(try file.read())
      let newer = try #require(sealed.box("token", version: 2))
      sealed.put(old, as: "token", version: 1)
      sealed.put(newer, as: "token", version: 2)
      try file.replace(with: sealed)
    }

    let found = await doctor()
    try await set("other", "value")

    #expect(found.first?.value == "version 1 of token is retired, and not deleted yet")
    #expect(try file.read()?.values.map(\.version) == [1, 2])
    #expect(try file.read()?.box("token", version: 1) == nil)
    #expect(await doctor().map(\.verdict) == [.ok])
  }

  @Test func `a value that the ledger knows and the file has lost is a failure`() async throws {
    try await set("token", "one")
    try FileManager.default.removeItem(atPath: file.path)

    let found = await doctor()

    #expect(found.map(\.verdict) == [.failed])
    #expect(found.first?.value == "version 1 of token is not in the store")
    #expect(try await set("token", "two").version == 2)
  }

  @Test func `a value that is another than was recorded is given to nobody`() async throws {
    try await set("token", "one")
    let open = try await shop.session.openSecrets(of: place)
    var forged = open.sealed
    forged.put(
      open.key.seal(Self.secret("old"), as: "token", version: 1, random: SystemRandom()),
      as: "token", version: 1)
    try file.changing { try $0.replace(with: forged) }
    #expect(try await opened("token", version: 1) == "old", "it is authentic")

    let version = try await secrets().version(nil, of: "token", in: place)
    await #expect(throws: SecretStoreError.self) {
      _ = try await shop.session.openSecrets(of: place).value("token", version, place)
    }
  }

  @Test func `a value that the file has lost comes back by being set again`() async throws {
    try await set("token", "one")
    try await set("token", "two")
    var lost = try #require(try file.read())
    lost.drop { $0.version == 2 }
    try file.changing { try $0.replace(with: lost) }
    #expect(await doctor().contains { $0.verdict == .failed })

    let changed = try await set("token", "two")

    #expect(changed.version == 2)
    #expect(changed.position == nil)
    #expect(try await opened("token", version: 2) == "two")
    #expect(await doctor().allSatisfy { $0.verdict == .ok })
    try await verified()
  }

  @Test func `who waited for the file goes by what was recorded meanwhile`() async throws {
    try await set("token", "one")
    let sessions = try (0..<4).map { _ in
      try Session.open(
        shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    }

    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, session) in sessions.enumerated() {
        group.addTask { try await set("token", "by \(index)", in: session) }
      }
      try await group.waitForAll()
    }

    let open = try await shop.session.openSecrets(of: place)
    let kept = try #require(try await secrets().secret("token", in: place)).kept
    #expect(kept.map(\.number) == [1, 2, 3, 4, 5])
    for version in kept { _ = try open.value("token", version, place) }
  }

  @Test func `an altered value does not open`() async throws {
    try await set("token", "one")
    try await set("other", "two")
    try file.changing { file in
      var sealed = try #require(try file.read())
      let moved = try #require(sealed.box("other", version: 1))
      sealed.put(moved, as: "token", version: 1)
      try file.replace(with: sealed)
    }

    await #expect(throws: SecretStoreError.notAuthentic("token", version: 1, place)) {
      try await opened("token", version: 1)
    }
  }

  @Test func `two who set the same name at once take a version each`() async throws {
    let other = try Session.open(
      shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    try await set("token", "zero")

    async let first = set("token", "one")
    async let second = set("token", "two", in: other)
    let versions = try await Set([first.version, second.version])

    #expect(versions == [2, 3])
    #expect(try await secrets().secret("token", in: place)?.versions.map(\.number) == [1, 2, 3])
    for version in 1...3 { _ = try await opened("token", version: version) }
    try await verified()
  }

  @Test func `a key file of another ledger is named`() async throws {
    try await set("token", "one")
    let path = shop.session.keys.secretsKey(place)
    try FileManager.default.removeItem(atPath: path)
    let missing = await #expect(throws: SecretStoreError.self) { try await set("token", "two") }
    try SecretFile.create(path, random: SystemRandom())
    let other = await #expect(throws: SecretStoreError.self) { try await set("token", "two") }

    #expect(missing == .locked(place, for: [.keyFile]))
    #expect(other == .keyFileDiffers(path: path))
  }

  @Test func `limits are held, and say what to do`() async throws {
    for number in 1...SecretLimits.versionsKept { try await set("token", "\(number)") }

    let many = await #expect(throws: SecretError.self) { try await set("token", "more") }
    let rotated = try await set("token", "more", .rotating)

    #expect(many == .tooManyVersions("token", "staging"))
    #expect(rotated.retired == Array(1...SecretLimits.versionsKept))
  }

  @Test func `who may only set may not say who opens`() async throws {
    let deployer = try await shop.stranger()
    try await shop.grant(.deployer, to: deployer)
    try await set("token", "one", by: deployer)

    await #expect(throws: AccessDenied.self) {
      try await RecipientWork(shop.session, in: place, by: deployer).add(
        .passphrase, opening: .keyFile, passphrase: { Self.secret("correct horse battery") })
    }

    // Their key and grant came by nobody's decision.
    let found = try await shop.unentitled().map(\.kind)
    #expect(found == [KeyRegistered.kind, AccessGranted.kind])
  }
}
