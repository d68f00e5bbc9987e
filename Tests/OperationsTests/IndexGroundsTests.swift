import Access
import CanonicalJSON
import Events
import LedgerStore
import Projections
import TestKit
import Testing

@testable import Operations

/// Somebody who owns the file but has no key alters the index of streams, by which versions are
/// given and entries found.
@Suite struct IndexGroundsTests {
  let shop: Shop

  init() async throws {
    shop = try await Shop()
    try await shop.deploy("first")
    try await shop.deploy("second")
  }

  private static func id(_ stream: StreamName) -> String {
    "(SELECT id FROM stream WHERE name = '\(stream)')"
  }

  private static func newest(_ stream: StreamName) -> String {
    let id = id(stream)
    return "stream = \(id) AND version = (SELECT max(version) FROM run WHERE stream = \(id))"
  }

  private static let release: StreamName = "release/shop.staging"

  private func isRefusal(_ error: any Error, of stream: StreamName) -> Bool {
    guard let error = error as? LedgerError, case .streamDiffers(stream, _, _) = error else {
      return false
    }
    return error.exitStatus == .integrity && "\(error)".contains("`stele verify` names the row")
  }

  @Test(arguments: [
    "DELETE FROM run WHERE \(newest(release))",
    "UPDATE run SET count = count + 1 WHERE \(newest(release))",
    "UPDATE stream SET name = 'release/other.staging' WHERE name = '\(release)'",
  ])
  func `an index that has another newest version lets nobody act`(sql: String) async throws {
    let size = try shop.session.ledger.head().size
    try shop.tamper(sql)
    let session = try Session.open(
      shop.workspace, for: .appending, variables: shop.variables, time: shop.time)

    await #expect {
      try await session.authorize(.rollBack, by: shop.person, in: Shop.staging)
    } throws: {
      isRefusal($0, of: Self.release)
    }
    #expect(try session.ledger.head().size == size)
  }

  @Test func `a row that is hidden between two decisions of a process is found by the second`()
    async throws
  {
    let session = try Session.open(
      shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    let granted = try await session.authorize(.rollBack, by: shop.person, in: Shop.staging)
    let decisions: StreamName = "access/staging"
    try shop.tamper("DELETE FROM run WHERE \(Self.newest(decisions))")

    await #expect {
      try await session.renew(granted, .rollBack, by: shop.person, in: Shop.staging)
    } throws: {
      isRefusal($0, of: decisions)
    }
  }

  private static let replica: StreamName = "replica/shop.staging"

  private func exit(in stream: StreamName) -> EntryDraft {
    EntryDraft([
      DraftEvent(
        ReplicaExited(component: "api", instance: "api-1-1", pid: 7, signal: 9), in: stream,
        scope: Shop.staging.scope)
    ])
  }

  /// Whatever no signed entry says, at a position that there is or is not.
  @Test(arguments: [5, 999_999])
  func `a row that no entry has gives no version`(position: Int) async throws {
    let service = try await shop.session.signer(.service)
    let deployment = StreamName.deployment(try #require(try await shop.newestDeployment()))
    for stream in [Self.replica, deployment] {
      try shop.tamper(
        """
        PRAGMA foreign_keys = 0;
        INSERT OR IGNORE INTO stream (name, application, environment)
        VALUES ('\(stream)', 'shop', 'staging');
        INSERT INTO run VALUES
          (\(position), \(stream == deployment ? 70 : 50), \(Self.id(stream)), 100, 1, 1, 1)
        """)
    }
    let session = try Session.open(
      shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    let size = try await session.state().size

    await #expect {
      try await session.recordFact(exit(in: Self.replica), by: service)
    } throws: {
      isRefusal($0, of: Self.replica)
    }
    let end = EntryDraft([
      DraftEvent(
        DeploymentSucceeded(durationMs: 1, release: 2), in: deployment, scope: Shop.staging.scope)
    ])
    await #expect {
      try await session.recordFact(end, by: service)
    } throws: {
      isRefusal($0, of: deployment)
    }
    #expect(try session.ledger.head().size == size)
  }

  @Test(arguments: [5, 999_999])
  func `a row that no entry has lets nobody act`(position: Int) async throws {
    try shop.tamper(
      """
      PRAGMA foreign_keys = 0;
      INSERT INTO run VALUES (\(position), 50, \(Self.id(Self.release)), 100, 1, 1, 1)
      """)
    let session = try Session.open(
      shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    let size = try session.ledger.head().size

    await #expect {
      try await session.authorize(.rollBack, by: shop.person, in: Shop.staging)
    } throws: {
      isRefusal($0, of: Self.release)
    }
    #expect(try session.ledger.head().size == size)
  }

  @Test func `what others have recorded since is no alteration`() async throws {
    let service = try await shop.session.signer(.service)
    let session = try Session.open(
      shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    _ = try await session.state()
    for _ in 1...2 {
      _ = try await shop.session.recordFact(exit(in: Self.replica), by: service)
    }
    let third = try await session.recordFact(exit(in: Self.replica), by: service)

    #expect(try shop.session.ledger.version(of: Self.replica) == 3)
    #expect(try shop.session.ledger.head().size == third.position + 1)
  }

  @Test func `no fact is given a version that was given before`() async throws {
    let stream = Self.replica
    let service = try await shop.session.signer(.service)
    for _ in 1...2 { _ = try await shop.session.recordFact(exit(in: stream), by: service) }
    let session = try Session.open(
      shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    let size = try await session.state().size
    try shop.tamper("DELETE FROM run WHERE \(Self.newest(stream))")

    await #expect {
      try await session.recordFact(exit(in: stream), by: service)
    } throws: {
      isRefusal($0, of: stream)
    }
    #expect(try session.ledger.head().size == size)
  }

  @Test func `a deployment is what its entries say, whatever an index has of them`() async throws {
    let id = try #require(try await shop.newestDeployment())
    let before = try await shop.session.knownHistory(of: id)
    try shop.tamper(
      """
      DELETE FROM run WHERE stream IN (\(Self.id("health/shop.staging")),
        \(Self.id("lease/shop.staging")), \(Self.id(.deployment(id))))
      """)
    for purpose in [Ledger.Purpose.reading, .appending] {
      let session = try Session.open(
        shop.workspace, for: purpose, variables: shop.variables, time: shop.time)
      let again = try await session.knownHistory(of: id)

      #expect(again.instances == before.instances)
      #expect(again.processes == before.processes)
      #expect(again.end == before.end)
    }
  }

  @Test func `a deployment of which an entry was altered is not told to who acts`() async throws {
    let id = try #require(try await shop.newestDeployment())
    let deployment = try #require(try await shop.session.state().deployments.byID[id])
    try shop.tamper(
      """
      UPDATE entry SET header =
        replace(header, 'deployment.step_finished', 'deployment.step_finishee')
      WHERE position BETWEEN \(deployment.position) AND \(deployment.last)
      """)
    let session = try Session.open(
      shop.workspace, for: .appending, variables: shop.variables, time: shop.time)

    await #expect {
      try await session.knownHistory(of: id)
    } throws: {
      guard case .readingDiffers = $0 as? LedgerError else { return false }
      return true
    }
  }

  @Test func `costs of which some are hidden are no costs`() async throws {
    let stream = StreamName.cost("shop", "staging")
    let service = try await shop.session.signer(.service)
    let digest = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 3, count: 32)))
    for day in 1...3 {
      let from = Timestamp.earliest.adding(milliseconds: day * 86_400_000)
      let event = CostImported(
        amount: Money(micros: 5, currency: "EUR"), from: from,
        until: from.adding(milliseconds: 86_400_000), service: "compute", bill: digest,
        source: digest)
      _ = try await shop.session.recordFact(
        EntryDraft([DraftEvent(event, in: stream, scope: Shop.staging.scope)]), by: service)
    }
    #expect(try await shop.session.costs(of: Shop.staging).version == 3)
    try shop.tamper("DELETE FROM run WHERE stream = \(Self.id(stream)) AND version = 2")

    await #expect(
      throws: LedgerError.streamDiffers(stream: stream, indexed: 3, read: 2)
    ) {
      try await shop.session.costs(of: Shop.staging)
    }
  }

  @Test func `streams are counted as the index counts them`() async throws {
    let state = try await shop.session.state()
    let all = state.streams.all
    #expect(all.count > 8)
    for (stream, version) in all {
      #expect(try shop.session.ledger.version(of: stream) == version, "\(stream)")
    }
    #expect(!all.keys.contains { $0.prefix == "deployment" })
    for deployment in state.deployments.all {
      #expect(
        try shop.session.ledger.version(of: .deployment(deployment.id)) == deployment.version)
    }
  }

  @Test(
    arguments: [(11, .integrity), (5, .tryAgain), (262, .tryAgain), (10, .cannotWrite)]
      as [(Int32, Operations.ExitStatus)])
  func `what the database says ends as it should`(code: Int32, status: Operations.ExitStatus) {
    #expect(LedgerError.database(path: "/p", code: code, message: "no").exitStatus == status)
  }
}
