import Access
import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import Projections
import TestKit
import Testing

@testable import Operations

/// Keys that come and go, and who has to sign for it.
@Suite struct KeyTests {
  /// A ledger with three recovery keys, of which two sign together.
  private let shop: Shop
  private var keys: KeyRing { shop.session.keys }

  init() async throws { shop = try await Shop(recovery: RecoveryPlan(keys: 3)) }

  private func add(
    _ role: KeyRole, at name: String = "new.pem", by authority: KeyAuthority = KeyAuthority()
  ) async throws -> KeyAddition.Added {
    try await KeyAddition(shop.session, by: authority).add(
      .file(shop.directory.file(name)), role: role, owner: nil, grant: nil)
  }

  private func keyid(_ path: String) throws -> KeyID {
    KeyID(bytes: try KeyFile.read(path).publicKey.keyid)
  }

  /// Takes a recovery key out of the key ring, as `init` says.
  private func moveAway(_ index: Int) throws -> String {
    let path = shop.directory.file("safe-\(index).pem")
    try FileManager.default.moveItem(atPath: keys.recoveryPaths[index], toPath: path)
    return path
  }

  @Test func `of three recovery keys two sign together`() async throws {
    let recovery = try await shop.session.state().keys.all.filter { $0.role == .recovery }

    #expect(recovery.count == 3)
    #expect(try shop.session.recoveryThreshold() == 2)
    #expect(
      keys.recoveryPaths.map { FileManager.default.fileExists(atPath: $0) }
        == [true, true, true, false])
  }

  @Test(arguments: [
    (RecoveryPlan(), 1, 1), (RecoveryPlan(keys: 2), 2, 2), (RecoveryPlan(keys: 3), 3, 2),
    (RecoveryPlan(keys: 4), 4, 3), (RecoveryPlan(keys: 4, threshold: 1), 4, 1),
  ])
  func `a majority of the recovery keys signs unless one says otherwise`(
    plan: RecoveryPlan, keys: Int, threshold: Int
  ) throws {
    try plan.check()
    #expect(plan.keys == keys)
    #expect(plan.threshold == threshold)
  }

  @Test func `a plan that could never be met makes no ledger`() async throws {
    let directory = try TemporaryDirectory()
    let plans: [(RecoveryPlan, InitializationError)] = [
      (RecoveryPlan(keys: 0), .recoveryKeys(0)), (RecoveryPlan(keys: 5), .recoveryKeys(5)),
      (RecoveryPlan(keys: 2, threshold: 3), .recoveryThreshold(3, keys: 2)),
      (RecoveryPlan(keys: 2, threshold: 0), .recoveryThreshold(0, keys: 2)),
    ]
    for (plan, error) in plans {
      await #expect(throws: error) {
        try await Initialization(
          workspace: Workspace(root: directory.path), name: "shop", recovery: plan,
          variables: ["XDG_CONFIG_HOME": directory.path]
        ).run()
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
  }

  @Test func `recovery keys in the key ring sign for another one`() async throws {
    let added = try await add(.recovery)

    let state = try await shop.session.state().keys
    #expect(state.byID[added.keyid]?.role == .recovery)
    #expect(added.isGenerated)
  }

  @Test func `recovery keys sign from wherever they are kept`() async throws {
    let files = try [moveAway(0), moveAway(1), moveAway(2)]
    await #expect(throws: KeyWorkError.quorum(found: 0, needed: 2)) { try await add(.recovery) }

    _ = try await add(.recovery, by: KeyAuthority(recovery: [files[2], files[0]]))

    let recovery = try await shop.session.state().keys.all.filter { $0.role == .recovery }
    #expect(recovery.count == 4)
  }

  @Test func `one key named twice is one key, and an actor's is none`() async throws {
    let file = keys.path(.recovery)
    await #expect(throws: KeyWorkError.quorum(found: 1, needed: 2)) {
      try await add(.recovery, by: KeyAuthority(recovery: [file, file]))
    }
    let actor = keys.path(.actor)
    await #expect(throws: KeyWorkError.notRecovery(path: actor, role: .actor)) {
      try await add(.recovery, by: KeyAuthority(recovery: [file, actor]))
    }
    #expect(!FileManager.default.fileExists(atPath: shop.directory.file("new.pem")))
  }

  @Test func `recovery keys replace a lost administrator's key`() async throws {
    let lost = try keyid(keys.path(.administrator))
    try FileManager.default.removeItem(atPath: keys.path(.administrator))
    await #expect(throws: KeyFileError.self) { try await add(.administrator) }

    let person = shop.person.actor
    let added = try await KeyAddition(
      shop.session, by: KeyAuthority(isAdministratorLost: true)
    ).add(.file(keys.path(.administrator)), role: .administrator, owner: person, grant: nil)
    let revoked = try await KeyRevocation(shop.session).revoke(
      lost.hex, reason: .lost, suspectFrom: nil)

    #expect(try await shop.session.signer(.administrator).keyid == added.keyid)
    #expect(revoked.key.keyid == lost)
    #expect(try await shop.session.state().keys.byID[lost]?.isValid == false)
  }

  @Test func `a recovery key is revoked by others, down to the threshold`() async throws {
    let first = try keyid(keys.recoveryPaths[0]), second = try keyid(keys.recoveryPaths[1])
    _ = try await KeyRevocation(shop.session).revoke(first.hex, reason: .left, suspectFrom: nil)

    await #expect(throws: KeyWorkError.tooFewLeft(second, .recovery, left: 1, needed: 2)) {
      try await KeyRevocation(shop.session).revoke(second.hex, reason: .left, suspectFrom: nil)
    }
    _ = try await add(.recovery)  // The revoked key is still in the key ring, and passed over.
  }

  @Test func `what is yet to be signed cannot be doubted`() async throws {
    let size = try shop.session.ledger.head().size
    let actor = shop.person.keyid
    await #expect(throws: KeyWorkError.suspectAhead(size + 1, size: size)) {
      try await KeyRevocation(shop.session).revoke(
        actor.hex, reason: .compromised, suspectFrom: size + 1)
    }
    #expect(try shop.session.ledger.head().size == size)

    let revoked = try await KeyRevocation(shop.session).revoke(
      actor.hex, reason: .compromised, suspectFrom: size)
    #expect(revoked.position == size + 1)
    #expect(try await shop.session.state().keys.byID[actor]?.suspectFrom == size)
  }

  @Test func `the ledger itself refuses a doubt ahead of the revocation`() async throws {
    let event = DraftEvent(
      KeyRevoked(reason: "lost", suspectFrom: 99), in: .key(shop.person.keyid))
    await #expect {
      _ = try await shop.session.record(
        EntryDraft([event]), by: shop.session.signer(.administrator))
    } throws: { "\($0)".contains("suspectFrom") }
  }

  @Test func `who administers nothing changes no keys`() async throws {
    let withdrawn = AccessWithdrawn(actor: shop.person.actor)
    _ = try await shop.session.record(
      EntryDraft([DraftEvent(withdrawn, in: .grant(shop.person.actor))]),
      by: shop.session.signer(.administrator))

    await #expect(throws: AccessDenied.self) { try await add(.actor) }
    await #expect(throws: AccessDenied.self) {
      try await KeyRevocation(shop.session).revoke(
        shop.person.keyid.hex, reason: .left, suspectFrom: nil)
    }
    await #expect(throws: AccessDenied.self) {
      try await LogKeyRotation(shop.workspace, variables: shop.variables, time: shop.time).run()
    }
    #expect(!FileManager.default.fileExists(atPath: shop.directory.file("new.pem")))
  }
}
