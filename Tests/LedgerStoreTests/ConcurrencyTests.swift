import CanonicalJSON
import Events
import Foundation
import Synchronization
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// Several writers, in this process and as other processes would.
@Suite struct ConcurrencyTests {
  let store: TemporaryLedger

  init() throws { store = try TemporaryLedger() }

  func envelope(_ environment: String) throws -> SignedEnvelope {
    let name = try #require(EnvironmentName(rawValue: environment))
    return try store.envelope(.health(environment: name), by: [.service])
  }

  @Test func `two openings append by turns and know of each other`() throws {
    let other = try store.another()
    for turn in 0..<6 {
      let envelope = try envelope("production")
      let receipt = try (turn.isMultiple(of: 2) ? other : store.ledger).append(envelope)
      #expect(receipt.index == turn + 1)
    }

    #expect(try other.version(of: "health/tamma.production") == 6)
    try Rederivation(path: store.path).check(size: 7)
  }

  @Test func `what one decided on and the other changed is a conflict`() throws {
    let other = try store.another()
    let envelopes = try [envelope("production"), envelope("production")]
    _ = try store.ledger.append(envelopes[0])

    #expect(
      throws: AppendError.versionNotNext("health/tamma.production", expected: 0, actual: 1)
    ) { try other.append(envelopes[1]) }
  }

  @Test func `what the other appended is known here, also after a snapshot was stored`() throws {
    _ = try store.ledger.append(envelope("production"))
    let other = try store.another()
    _ = try other.append(envelope("production"))
    try store.ledger.store(Snapshot(name: "state", revision: 1, size: 3, bytes: [7]))

    let receipt = try store.ledger.append(envelope("production"))

    #expect(receipt.index == 3)
    #expect(try Anchor.read(store.path + "/anchor")?.note == receipt.note.serialized)
  }

  @Test func `a receipt for what stands there already leaves the anchor alone`() throws {
    let envelope = try envelope("production")
    let receipt = try store.ledger.append(envelope)
    let anchor = try Anchor.read(store.path + "/anchor")

    #expect(try store.another().append(envelope).index == receipt.index)

    #expect(anchor?.note == receipt.note.serialized)
    #expect(try Anchor.read(store.path + "/anchor") == anchor)
  }

  @Test func `a key that the other registered signs here`() throws {
    let other = try store.another()
    try store.append(EntryDraft(CustodyTests.register(.stranger)), by: [.administrator, .stranger])
    try store.append(.health(), by: [.service])

    let draft = EntryDraft(
      [
        DraftEvent(
          kind: "approval.given.v1", data: [:], in: .approval("production"),
          scope: Scope(environment: "production"))
      ], expects: [.grant(GoldenKey.stranger.owner): 0])
    let receipt = try other.append(store.envelope(draft, by: [.stranger]))

    #expect(receipt.index == 3)
  }

  @Test func `threads over several openings lose nothing`() async throws {
    let ledgers = try [store.ledger, store.another(), store.another()]
    let envelopes = try (0..<60).map { try envelope("e\($0)") }

    let indices = try await withThrowingTaskGroup(of: Int.self) { group in
      for (number, envelope) in envelopes.enumerated() {
        let ledger = ledgers[number % ledgers.count]
        group.addTask { try ledger.append(envelope).index }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }

    #expect(indices == Set(1...60))
    try Rederivation(path: store.path).check(size: 61)
  }

  @Test func `many callers share commits, and each gets its own answer`() async throws {
    let commits = CountingCommits()
    try store.reopen(observer: commits)
    let group = GroupCommit(store.ledger)
    let envelopes = try (0..<64).map { try envelope("e\($0)") }
    let bad = try store.envelope(.health(environment: "bad"), by: [.deployer])
    let before = commits.count

    let results = await withTaskGroup(of: Result<Receipt, any Error>.self) { tasks in
      for envelope in envelopes + [bad] {
        tasks.addTask {
          do { return .success(try await group.append(envelope)) } catch { return .failure(error) }
        }
      }
      return await tasks.reduce(into: []) { $0.append($1) }
    }

    let receipts = results.compactMap { try? $0.get() }
    #expect(Set(receipts.map(\.index)) == Set(1...64))
    let refused = results.compactMap { result -> AppendError? in
      if case .failure(let error) = result { error as? AppendError } else { nil }
    }
    #expect(refused.map(\.code) == ["kindRole"])
    #expect(commits.count - before < 64)
    for receipt in receipts {
      let checkpoint = try Checkpoint(parsing: receipt.note.text)
      #expect(
        receipt.inclusionProof(under: checkpoint).isValid(
          leafHash: TestHashing().leaf(try #require(receipt.extra)), root: checkpoint.root,
          using: TestHashing()))
    }
    try Rederivation(path: store.path).check(size: 65)
  }

  @Test func `when nothing can be recorded every caller of the group learns it`() async throws {
    let envelope = try envelope("production")
    let group = GroupCommit(try store.another(for: .reading))

    await #expect(throws: LedgerError.readOnly(path: store.path + "/ledger.sqlite")) {
      try await group.append(envelope)
    }
  }

  @Test func `the log of writes is copied back while nobody reads`() throws {
    let connection = try Connection(path: store.path + "/ledger.sqlite", access: .writing)
    let checkpointer = WALCheckpointer(connection)
    var committed = 0
    for _ in 0..<40 {
      try connection.transaction { () throws(LedgerError) in
        for row in 0..<40 {
          let sql = "INSERT OR REPLACE INTO snapshot VALUES ('\(row)', 1, 0, zeroblob(32), "
          try connection.execute(sql + "zeroblob(32), randomblob(4000))")
        }
      }
      try checkpointer.afterCommit()
      committed += 40
    }

    let log = try FileManager.default.attributesOfItem(
      atPath: store.path + "/ledger.sqlite-wal")[.size]
    #expect(try #require(log as? Int) < 2 * Int(WALCheckpointer.pagesBetween) * 4_200)
    try checkpointer.truncate()
    let emptied = try FileManager.default.attributesOfItem(
      atPath: store.path + "/ledger.sqlite-wal")[.size]
    #expect(emptied as? Int == 0)
    try Rederivation(path: store.path).check(size: 1)
  }
}

/// Counts the transactions that reached their commit.
final class CountingCommits: WriteObserver {
  private let commits = Mutex(0)

  var count: Int { commits.withLock { $0 } }

  func reached(_ point: WritePoint) {
    if point == .ledgerCommitted { commits.withLock { $0 += 1 } }
  }
}
