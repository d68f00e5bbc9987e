import Access
import CanonicalJSON
import Events
import Foundation
import Projections
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore
@testable import Operations

/// Somebody who owns the file but has no key changes what a decision rests on.
@Suite struct GroundsTests {
  private func position(of build: ContentDigest, in shop: Shop) async throws -> Int {
    try #require(await shop.session.state().builds[build]).position
  }

  /// What an entry may not be: the error, its status, and that it names the position.
  private func isRefusal(_ error: any Error, at position: Int, saying words: String) -> Bool {
    guard let error = error as? LedgerError else { return false }
    return error.exitStatus == .integrity && "\(error)".contains("ntry \(position) ")
      && "\(error)".contains(words) && "\(error)".contains("stele verify")
  }

  @Test func `a rollback to a build whose body was altered is refused, and nothing is recorded`()
    async throws
  {
    let shop = try await Shop()
    try await shop.deploy("first")
    try await shop.deploy("second")
    let first = try await shop.build("first")
    let position = try await position(of: first, in: shop)
    let size = try shop.session.ledger.head().size
    try shop.tamper(
      """
      UPDATE body SET body = replace(body, '\(first)',
        'sha256:\(String(repeating: "e", count: 64))') WHERE position = \(position)
      """)

    await #expect {
      try await shop.anew().plan(Shop.staging, to: nil)
    } throws: {
      isRefusal($0, at: position, saying: "its body has the digest")
    }
    // A process that folded it before reads it again.
    await #expect {
      try await shop.plan()
    } throws: {
      isRefusal($0, at: position, saying: "its body has the digest")
    }
    #expect(try shop.session.ledger.head().size == size)
  }

  @Test func `a deleted body moves no rollback`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    try await shop.deploy("second")
    let first = try await shop.session.state().releases.number(1, in: Shop.staging)
    let position = try #require(first).position
    try shop.tamper("DELETE FROM body WHERE position = \(position)")

    await #expect {
      try await shop.anew().plan(Shop.staging, to: nil)
    } throws: {
      isRefusal($0, at: position, saying: "its body is missing")
    }
  }

  @Test func `a header that hides a success from the fold is found by what a rollback cites`()
    async throws
  {
    let shop = try await Shop()
    for words in ["first", "second", "third"] { try await shop.deploy(words) }
    let second = try #require(
      await shop.session.state().releases.number(2, in: Shop.staging)?.deployment)
    let position = try #require(
      shop.session.ledger.read {
        try $0.positions(matching: EntryFilter(stream: .deployment(second))).last
      })
    try shop.tamper(
      """
      UPDATE entry SET header = replace(header, 'deployment.succeeded', 'deployment.succeedee')
      WHERE position = \(position)
      """)

    await #expect {
      try await shop.anew().plan(Shop.staging, to: nil)
    } throws: {
      isRefusal($0, at: position, saying: "the tree has")
    }
  }

  @Test func `a deployment whose grant was altered is refused before its decision`() async throws {
    let shop = try await Shop()
    let build = try await shop.build("first")
    let wish = try shop.wish(build)
    let grant = try #require(await shop.session.state().grants.of(shop.person.actor).first)
    let size = try shop.session.ledger.head().size
    try shop.tamper(
      """
      UPDATE entry SET header = replace(header, '"v":1', '"v":2') WHERE position = \(grant.position)
      """)

    await #expect {
      try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
        wish, by: shop.person, observer: { _ in })
    } throws: {
      isRefusal($0, at: grant.position, saying: "the tree has")
    }
    #expect(try shop.session.ledger.head().size == size)
  }

  /// What is proven by itself says nothing of what is not found.
  @Test
  func `a suspension made to look like something else lets nobody act, and is in no snapshot`()
    async throws
  {
    let shop = try await Shop()
    let actor = shop.person.actor
    let suspended = AccessSuspended(actor: actor, applications: .all, environments: .all)
    let recording = try await shop.session.record(
      EntryDraft([DraftEvent(suspended, in: .grant(actor))]),
      by: shop.session.signer(.administrator))
    let position = recording.receipt.index
    let version = try shop.session.ledger.version(of: .grant(actor))
    let stream = "(SELECT id FROM stream WHERE name = 'grant/\(actor)')"
    try shop.tamper(
      """
      UPDATE entry SET header = replace(
        replace(header, 'access.suspended', 'access.suspendee'), 'grant/\(actor)', 'other/\(actor)')
      WHERE position = \(position);
      INSERT INTO stream (name) VALUES ('other/\(actor)');
      UPDATE run SET version = 1, stream = (SELECT id FROM stream WHERE name = 'other/\(actor)')
      WHERE position = \(position) AND stream = \(stream)
      """)
    let session = try shop.keeping()
    let size = try session.ledger.head().size

    let hides = try await session.state().grants.suspensions(of: actor).isEmpty
    #expect(hides)
    await session.finishKeeping()
    let newest = try shop.newest()?.size ?? 0
    #expect(newest <= position)
    await #expect {
      try await session.authorize(.startDeployment, by: shop.person, in: Shop.staging)
    } throws: {
      guard case .readingDiffers(size, _, size, _) = $0 as? LedgerError else { return false }
      return (($0 as? LedgerError)?.exitStatus) == .integrity
    }
    #expect(try session.ledger.head().size == size)

    // Put back, it is read anew by the same process.
    try shop.tamper(
      """
      UPDATE entry SET header = replace(
        replace(header, 'access.suspendee', 'access.suspended'), 'other/\(actor)', 'grant/\(actor)')
      WHERE position = \(position);
      UPDATE run SET stream = \(stream), version = \(version)
      WHERE position = \(position) AND stream <> \(stream)
      """)
    await #expect(throws: AccessDenied.self) {
      try await session.authorize(.startDeployment, by: shop.person, in: Shop.staging)
    }
  }

  @Test func `whole entries that say something else than the state are no ground`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    try await shop.deploy("second")
    var state = try await shop.session.state()
    let first = try await shop.build("first")
    var forged = LedgerState()
    for position in 0..<state.size {
      let events = try shop.session.ledger.read { try $0.entry(at: position).read().events }
      for event in events where event.deployment == nil { forged.apply(event) }
    }
    forged.apply(
      try #require(
        shop.session.ledger.read { try $0.entry(at: state.size - 1).read().events.last }))
    state = forged
    var grounds = DecisionGrounds(Shop.staging, actor: shop.person.actor)
    grounds.builds = [first]
    grounds.releasesFrom = 1

    let error = try #require(
      await #expect(throws: GroundsDiffer.self) { try await shop.session.prove(grounds, in: state) }
    )
    #expect(error.exitStatus == .integrity)
    #expect(error.description.contains("staging#1"))
  }
}

extension Shop {
  /// What another process would find.
  func anew() throws -> RollbackWork {
    RollbackWork(
      try Session.open(workspace, for: .appending, variables: variables, time: time),
      runtimes: runtimes)
  }

  /// Changes the ledger's file behind its back: its protections are taken off, and put back.
  func tamper(_ sql: String) throws {
    let ledger = try Connection(path: workspace.ledger + "/ledger.sqlite", access: .writing)
    func triggers(_ statement: String) throws -> String {
      try #require(
        try ledger.text(
          "SELECT group_concat(\(statement), ';') FROM sqlite_schema WHERE type = 'trigger'"))
    }
    let (dropping, making) = (try triggers("'DROP TRIGGER ' || name"), try triggers("sql"))
    try ledger.execute("PRAGMA ignore_check_constraints=ON; \(dropping);\(sql);\(making)")
  }
}
