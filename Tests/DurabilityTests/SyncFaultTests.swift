import Events
import Foundation
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// After a failed sync nobody knows what is on the disk: whoever wrote stops, whoever opens next
/// makes sure.
@Suite struct SyncFaultTests {
  let faulty: FaultyLedger
  let envelope: SignedEnvelope

  init() throws {
    faulty = try FaultyLedger()
    envelope = try faulty.approval()
  }

  @Test func `a failed sync ends the writer's right to write, and opening again gives it back`()
    throws
  {
    let path = try faulty.copy()
    let ledger = try faulty.open(path)
    faulty.disk.arm(.failsOnce, at: 0, of: [.sync])

    let failure = #expect(throws: LedgerError.self) { try ledger.append(envelope) }

    #expect(failure?.isFailedSync == true)
    faulty.disk.lift()
    let ended = LedgerError.writingEnded(path: path + "/ledger.sqlite")
    #expect(throws: ended) { try ledger.append(envelope) }
    #expect(throws: ended) { try ledger.erase(GoldenKey.approver.owner) }
    #expect(throws: ended) {
      try ledger.store(Snapshot(name: "x", revision: 1, size: 1, bytes: []))
    }
    #expect(try ledger.head().size == 2)
    #expect(try faulty.open(path).append(envelope).index == 2)
  }

  @Test func `an entry found in a log that was never synced is synced before anybody is told`()
    async throws
  {
    let path = try faulty.copy()
    try failLastSync(in: path)

    // Its frames are whole, so recovery takes them for committed; no sync has ever held them.
    #expect(try faulty.open(path, for: .reading).head().size == 3)
    faulty.disk.lift()
    let reopened = try faulty.open(path)
    #expect(faulty.disk.count(.write) >= 2)  // the log's header and its frames, as they were
    #expect(faulty.disk.count(.sync) == 1)

    faulty.disk.lift()
    #expect(try reopened.append(envelope).index == 2)
    #expect(faulty.disk.count(.sync) == 0)  // the receipt repeats what is durable already
    try await faulty.verify(path, reopened, "after the retry")
  }

  @Test func `a log that cannot be synced at opening gives no right to write`() throws {
    let path = try faulty.copy()
    try failLastSync(in: path)
    faulty.disk.arm(.failsOnce, at: 0, of: [.sync])

    let failure = #expect(throws: LedgerError.self) { try faulty.open(path) }

    #expect(failure?.isFailedSync == true)
    faulty.disk.lift()
    #expect(try faulty.open(path).append(envelope).index == 2)
  }

  /// Appends, with the ledger's own commit failing to sync: the vault's come before it, and its
  /// sweep after it.
  private func failLastSync(in path: String) throws {
    let trial = try faulty.open(faulty.copy())
    _ = try trial.append(envelope)
    let syncs = faulty.disk.count(.sync)
    let ledger = try faulty.open(path)
    faulty.disk.arm(.failsOnce, at: syncs - 2, of: [.sync])
    #expect(throws: LedgerError.self) { try ledger.append(envelope) }
    #expect(faulty.disk.struck == .sync)
    faulty.disk.lift()
  }

  @Test func `an anchor whose sync fails ends the right to write as well`() throws {
    // /dev/zero takes every write and refuses to be synced, as a disk that has just died does.
    let store = try TemporaryLedger(genesis: [])
    try FileManager.default.createSymbolicLink(
      atPath: store.path + "/anchor", withDestinationPath: "/dev/zero")
    let genesis = try store.envelope(
      TemporaryLedger.genesis(GoldenKey.genesis), by: [.administrator] + GoldenKey.genesis)

    // The first write of all is synced at once.
    #expect(throws: LedgerError.anchorNotWritten(path: store.path + "/anchor", errno: EINVAL)) {
      try store.ledger.append(genesis)
    }
    let next = try store.envelope(.health(), by: [.service])

    #expect(throws: LedgerError.writingEnded(path: store.path + "/anchor")) {
      try store.ledger.append(next)
    }
    #expect(try store.ledger.head().size == 1)
  }

  @Test func `an anchor without room lets one entry pass it, and none more until there is`() throws
  {
    let store = try TemporaryLedger(genesis: [])
    let anchor = store.path + "/anchor"
    try FileManager.default.createSymbolicLink(
      atPath: anchor, withDestinationPath: "/dev/full")
    let full = LedgerError.anchorNotWritten(path: anchor, errno: ENOSPC)
    let genesis = try store.envelope(
      TemporaryLedger.genesis(GoldenKey.genesis), by: [.administrator] + GoldenKey.genesis)
    #expect(throws: full) { try store.ledger.append(genesis) }
    #expect(try store.ledger.head().size == 1)
    let next = try store.envelope(.health(), by: [.service])

    #expect(throws: full) { try store.ledger.append(next) }
    #expect(try store.ledger.head().size == 1)
  }
}
