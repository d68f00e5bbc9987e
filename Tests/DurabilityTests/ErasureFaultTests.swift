import CanonicalJSON
import Events
import Foundation
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// Every operation that an erasure asks of the disk fails once: once it is recorded nobody sees the
/// person again, and what is left on the disk is finished when the vault is opened next.
@Suite struct ErasureFaultTests {
  let faulty: FaultyLedger
  private let person = GoldenKey.approver.owner
  private let secret = "a name that is nobody's business"

  /// The record of the erasure stands before it: afterwards the vault may hold the value or not.
  init() throws {
    faulty = try FaultyLedger()
    _ = try faulty.template.ledger.append(faulty.approval(secret))
    let erased = DraftEvent(
      kind: "privacy.erased.v1", data: ["basis": "request"],
      in: try StreamName(parsing: "privacy/\(person)"))
    try faulty.template.append(EntryDraft([erased]), by: [.administrator])
  }

  @Test(arguments: FaultyDisk.Fault.allCases)
  func `an erasure whose disk fails anywhere is finished by the next`(
    fault: FaultyDisk.Fault
  ) async throws {
    var failed = 0
    for number in 0... {
      let path = try faulty.copy()
      let traces = try self.traces(in: path)
      let outcome = try erase(in: path, fault, at: number)
      guard let struck = faulty.disk.struck else { break }
      faulty.disk.lift()
      let comment: Comment = "\(fault) at \(number), \(struck): \(outcome)"
      if case .failure(let error) = outcome {
        failed += 1
        #expect(error is LedgerError, comment)
      }

      let reopened = try faulty.open(path)
      try await faulty.verify(path, reopened, comment)
      let revealed = try reopened.reveal(at: 2, index: 0, pointer: "/comment")
      #expect(revealed == .erased(person), comment)  // It is recorded, whatever is left of it.
      try reopened.erase(person)
      try await faulty.verify(path, reopened, comment)
      for trace in traces { #expect(try !isOnDisk(trace, in: path), comment) }
      try faulty.remove(path)
    }
    #expect(failed > 10)
  }

  private func erase(
    in path: String, _ fault: FaultyDisk.Fault, at number: Int
  ) throws -> Result<Void, any Error> {
    let ledger = try faulty.open(path)
    faulty.disk.arm(fault, at: number)
    let outcome = Result { try ledger.erase(person) }
    if fault == .failsOnce, faulty.disk.struck == .sync, case .failure = outcome {
      #expect(throws: LedgerError.writingEnded(path: ledger.directory.database)) {
        try ledger.erase(person)
      }
    }
    return outcome
  }

  /// The person's wrapped key and the sealed value, as they stand in the vault's files.
  private func traces(in path: String) throws -> [Data] {
    let places = [("vault-keys", "person", "wrapped"), ("vault", "sealed", "ciphertext")]
    return try places.map { file, table, column in
      let connection = try Connection(path: "\(path)/\(file).sqlite", access: .reading)
      let hex = try #require(try connection.text("SELECT lower(hex(\(column))) FROM \(table)"))
      let trace = Data(try #require(Hex.decode(hex)))
      #expect(try isOnDisk(trace, in: path))
      return trace
    }
  }

  private func isOnDisk(_ trace: Data, in path: String) throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: path).contains { name in
      try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)).range(of: trace) != nil
    }
  }
}
