import CanonicalJSON
import Events
import Foundation
import Synchronization
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// Stops the n-th write at one of its points, as a crash or a full disk would.
final class StoppingWrites: WriteObserver {
  private let state: Mutex<(point: WritePoint?, passed: [WritePoint])>

  init(at point: WritePoint? = nil) { state = Mutex((point, [])) }

  /// Stops the next write at `point`; nil lets all pass.
  func stop(at point: WritePoint?) { state.withLock { $0.point = point } }

  var passed: [WritePoint] { state.withLock { $0.passed } }

  static let stopped = LedgerError.system(operation: "test", path: "nowhere", errno: 5)

  func reached(_ point: WritePoint) throws(LedgerError) {
    let isHere = state.withLock { state in
      state.passed.append(point)
      return state.point == point
    }
    if isHere { throw Self.stopped }
  }
}

/// Every write fails before, during and after it persisted; then the whole ledger is derived again.
@Suite struct CrashTests {
  let observer = StoppingWrites()
  let store: TemporaryLedger

  init() throws {
    store = try TemporaryLedger(observer: observer)
    try store.append(.health(), by: [.service])
  }

  /// An approval whose comment is personal: a write through all three files.
  func envelope() throws -> SignedEnvelope {
    let comment = try SealedValue(
      .string("go ahead"), of: GoldenKey.approver.owner, random: store.random)
    let draft = EntryDraft(
      [
        DraftEvent(
          kind: "approval.given.v1",
          data: ["action": "deployment.start", "comment": comment.sealed.json],
          in: .approval("production"), scope: Scope(environment: "production"))
      ], expects: [.grant(GoldenKey.approver.owner): 0])
    return try store.envelope(draft, by: [.approver], sealed: [comment])
  }

  @Test func `a write passes its points in their order`() throws {
    _ = try store.ledger.append(envelope())

    #expect(Array(observer.passed.suffix(4)) == WritePoint.allCases)
  }

  @Test(arguments: WritePoint.allCases, [false, true])
  func `after a stop anywhere the entry is recorded whole or not at all, and a retry settles it`(
    point: WritePoint, reopening: Bool
  ) throws {
    let envelope = try envelope()
    observer.stop(at: point)

    #expect(throws: StoppingWrites.stopped) { try store.ledger.append(envelope) }

    observer.stop(at: nil)
    if reopening { try store.reopen() }
    let isCommitted = point == .ledgerCommitted || point == .anchorWritten
    try Rederivation(path: store.path).check(size: isCommitted ? 3 : 2)
    let receipt = try store.ledger.append(envelope)
    #expect(receipt.index == 2)
    try Rederivation(path: store.path).check(size: 3)
    let revealed = try store.ledger.reveal(at: 2, index: 0, pointer: "/comment")
    #expect(revealed == .value(.string("go ahead")))
    #expect(try Anchor.read(store.path + "/anchor")?.note == receipt.note.serialized)
  }

  @Test func `values sealed for an entry that was never committed are swept`() throws {
    observer.stop(at: .vaultCommitted)
    #expect(throws: StoppingWrites.stopped) { try store.ledger.append(envelope()) }
    #expect(try sealedRows() == "1")
    observer.stop(at: nil)
    try store.reopen()

    _ = try store.ledger.append(envelope())

    #expect(try sealedRows() == "1")
    try store.reopen()
    _ = try store.ledger.append(envelope())
    #expect(try vault().text("SELECT count(*) FROM sealed WHERE settled = 0") == "0")
  }

  @Test func `values of one writer's entries are settled as it goes on`() throws {
    for _ in 0..<3 { _ = try store.ledger.append(envelope()) }

    #expect(try sealedRows() == "3")
    #expect(try vault().text("SELECT count(*) FROM sealed WHERE settled = 0") == "1")
  }

  @Test func `the others of a batch that was stopped are not recorded either`() throws {
    let batch = try [envelope(), store.envelope(.health(), by: [.service])]
    observer.stop(at: .inserted)
    #expect(throws: StoppingWrites.stopped) { try store.ledger.append(batch) }

    try Rederivation(path: store.path).check(size: 2)
    observer.stop(at: nil)
    let results = try store.ledger.append(batch)

    #expect(try results.map { try $0.get().index } == [2, 3])
    try Rederivation(path: store.path).check(size: 4)
  }

  @Test func `a checkpoint that a crash left out is signed again at open`() throws {
    let expected = try store.ledger.head().checkpoint
    try Connection(path: store.path + "/ledger.sqlite", access: .writing)
      .execute("DELETE FROM checkpoint")
    #expect(try store.ledger.head().checkpoint == nil)

    try store.reopen()

    #expect(try store.ledger.head().checkpoint == expected)
  }

  /// Whoever can write the file and has no key puts in an entry, for the next checkpoint to sign.
  @Test func `what stands under no checkpoint of the log's key is not signed over`() throws {
    let other = try Ledger.open(
      directory: store.path, secrets: store.secrets, time: store.time, random: store.random)
    let size = try store.ledger.head().size
    let anchor = try Data(contentsOf: URL(filePath: store.path + "/anchor"))
    let note = try #require(try store.ledger.head().checkpoint).serialized
    let next = try envelope()
    _ = try store.ledger.append(next)
    let file = try Connection(path: store.path + "/ledger.sqlite", access: .writing)
    try file.execute(
      "DELETE FROM checkpoint; INSERT INTO checkpoint VALUES (\(size), 0, '\(note)')")
    let unsigned = LedgerError.unsigned(first: size, size: size + 1)

    #expect(throws: unsigned) { try other.append(next) }
    try anchor.write(to: URL(filePath: store.path + "/anchor"))
    #expect(throws: unsigned) { try store.reopen() }

    let forged = note.replacing("\n\(size)\n", with: "\n\(size + 1)\n")
    try file.execute("INSERT INTO checkpoint VALUES (\(size + 1), 0, '\(forged)')")
    #expect(throws: LedgerError.unsigned(first: 0, size: size + 1)) { try store.reopen() }
    #expect("\(unsigned)".contains("from \(size) on") && "\(unsigned)".contains("stele verify"))
  }

  private func vault() throws -> Connection {
    try Connection(path: store.path + "/vault.sqlite", access: .reading)
  }

  private func sealedRows() throws -> String? {
    try vault().text("SELECT count(*) FROM sealed")
  }
}
