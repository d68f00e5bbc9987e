import Events
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// Every operation that an append, an opening or a checkpoint asks of the disk fails once, for all
/// ways of failing; then the whole ledger is verified.
@Suite struct AppendFaultTests {
  let faulty: FaultyLedger
  let envelope: SignedEnvelope
  let recorded: [EntryID]

  init() throws {
    faulty = try FaultyLedger()
    envelope = try faulty.approval()
    recorded = try faulty.entries(of: faulty.template.ledger)
  }

  @Test(arguments: FaultyDisk.Fault.allCases)
  func `an append whose disk fails anywhere is recorded whole or not at all`(
    fault: FaultyDisk.Fault
  ) async throws {
    var failed = 0
    for number in 0... {
      let path = try faulty.copy()
      guard let outcome = try append(to: path, fault, at: number) else { break }
      if case .failure = outcome { failed += 1 }
      let comment: Comment = "\(fault) at \(number): \(outcome)"
      faulty.disk.lift()

      let reopened = try faulty.open(path)
      try await faulty.verify(path, reopened, comment)
      let found = try faulty.entries(of: reopened)
      if case .success = outcome { #expect(found.count == recorded.count + 1, comment) }
      #expect(try reopened.append(envelope).index == recorded.count, comment)
      #expect(try faulty.entries(of: reopened) == recorded + [envelope.entry], comment)
      #expect(found.starts(with: recorded), comment)
      try faulty.remove(path)
    }
    #expect(failed > 10)
  }

  /// Appends with the `number`-th operation failing; nil when there are fewer.
  private func append(
    to path: String, _ fault: FaultyDisk.Fault, at number: Int
  ) throws -> Result<Int, any Error>? {
    let ledger = try faulty.open(path)
    faulty.disk.arm(fault, at: number)
    let outcome = Result { try ledger.append(envelope).index }
    guard let struck = faulty.disk.struck else { return nil }
    if case .failure(let error) = outcome { #expect(error is LedgerError, "\(number): \(error)") }
    if fault == .failsOnce { try goOn(with: ledger, after: struck, outcome, number) }
    return outcome
  }

  /// The same writer goes on, unless it was a sync that failed.
  private func goOn(
    with ledger: Ledger, after struck: FaultyDisk.Operation, _ outcome: Result<Int, any Error>,
    _ number: Int
  ) throws {
    if struck == .sync, case .failure = outcome {
      #expect(throws: LedgerError.writingEnded(path: ledger.directory.database)) {
        try ledger.append(envelope)
      }
    } else {
      #expect(try ledger.append(envelope).index == recorded.count, "\(struck) at \(number)")
    }
  }

  @Test(arguments: FaultyDisk.Fault.allCases)
  func `an opening whose disk fails anywhere loses nothing`(fault: FaultyDisk.Fault) async throws {
    var failed = 0
    for number in 0... {
      let path = try faulty.copy()
      try faulty.forgetAnchor(of: path)
      faulty.disk.arm(fault, at: number)
      let outcome = Result { try faulty.open(path) }.map { _ in }
      guard let struck = faulty.disk.struck else { break }
      if case .failure(let error) = outcome {
        failed += 1
        #expect(error is LedgerError, "\(struck) at \(number): \(error)")
      }
      faulty.disk.lift()

      let reopened = try faulty.open(path)
      try await faulty.verify(path, reopened, "\(fault) at \(number): \(outcome)")
      #expect(try faulty.entries(of: reopened) == recorded)
      try faulty.remove(path)
    }
    #expect(failed > 3)
  }

  @Test(arguments: FaultyDisk.Fault.allCases)
  func `a checkpoint whose disk fails anywhere loses nothing`(
    fault: FaultyDisk.Fault
  ) async throws {
    var failed = 0
    for number in 0... {
      let path = try faulty.copy()
      let connection = try Schema.ledger.open(path + "/ledger.sqlite", access: .writing)
      let checkpointer = WALCheckpointer(connection)
      faulty.disk.arm(fault, at: number)
      let outcome = Result { try checkpointer.truncate() }
      guard faulty.disk.struck != nil else { break }
      if case .failure = outcome { failed += 1 }
      faulty.disk.lift()

      let reopened = try faulty.open(path)
      try await faulty.verify(path, reopened, "\(fault) at \(number): \(outcome)")
      #expect(try faulty.entries(of: reopened) == recorded)
      #expect(try reopened.append(envelope).index == recorded.count)
      try faulty.remove(path)
    }
    #expect(failed > 10)
  }
}
