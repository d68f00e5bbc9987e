import Events
import Foundation
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// A ledger that has lost entries, and an incarnation that is not in order itself: whoever starts
/// it is told what is wrong with it.
@Suite struct RefusedIncarnationTests {
  let store: TemporaryLedger
  let lost: LedgerError

  /// The anchor has seen four entries, the database holds three.
  init() throws {
    store = try TemporaryLedger()
    try store.append(.health(), by: [.service])
    store.time.advance(milliseconds: 60_000)
    try store.append(.health(), by: [.service])
    let copy = store.directory.file("copy")
    try store.ledger.close()
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
    try Self.copyDatabase(from: store.path, to: copy)
    try store.append(.health(), by: [.service])
    try store.ledger.close()
    try Self.copyDatabase(from: copy, to: store.path)
    lost = .anchorAhead(path: store.path + "/anchor", anchored: 4, size: 3)
    #expect(throws: lost) { try store.another() }
    try store.reopen(for: .startingIncarnation)
  }

  private static func copyDatabase(from: String, to: String) throws {
    for name in ["ledger.sqlite", "ledger.sqlite-wal"] {
      try? FileManager.default.removeItem(atPath: "\(to)/\(name)")
      try FileManager.default.copyItem(atPath: "\(from)/\(name)", toPath: "\(to)/\(name)")
    }
    try? FileManager.default.removeItem(atPath: to + "/ledger.sqlite-shm")
  }

  private func incarnation(size: Int) throws -> SignedEnvelope {
    let head = try store.ledger.head()
    let next = Origin(name: store.origin.name, log: store.origin.log, incarnation: 2)
    let started = IncarnationStarted(
      lost: MachineWords("unknown"), previous: store.origin, root: head.root, size: size)
    return try store.envelope(
      EntryDraft([DraftEvent(started, in: .ledger)]),
      by: [.administrator, .recovery1, .recovery2], ledger: next)
  }

  @Test func `one of another size is refused for that, and the right one is recorded`() throws {
    let wrong = try incarnation(size: 2)

    #expect(throws: AppendError.self) { try store.ledger.append(wrong) }

    #expect(try store.ledger.append(incarnation(size: 3)).index == 3)
    try Rederivation(path: store.path).check(size: 4)
  }

  @Test func `while the clock is behind what is left, that is what is said`() throws {
    let now = store.time.now()
    let behind = now.adding(milliseconds: -5_000)
    store.time.set(behind)

    #expect(throws: AppendError.recordedBackwards(recorded: behind, previous: now)) {
      try store.ledger.append(incarnation(size: 3))
    }

    store.time.set(now)
    #expect(throws: lost) { try store.append(.health(), by: [.service]) }
    #expect(try store.ledger.append(incarnation(size: 3)).index == 3)
    try store.reopen()
  }

  @Test func `a refused one beside an ordinary entry lets nothing be recorded`() throws {
    let batch = try [incarnation(size: 2), store.envelope(.health(), by: [.service])]

    #expect(throws: lost) { try store.ledger.append(batch) }

    #expect(try store.ledger.head().size == 3)
    try store.reopen(for: .startingIncarnation)
  }
}
