import Crypto
import Foundation
import Verification

/// Verifying a whole ledger on all cores, against a scan of its rows with one SHA-256 of each
/// entry's bytes and one bare Ed25519 verification an entry, on the same cores.
struct VerificationComparison: Comparison {
  let entries: Int
  let eventsAnEntry: Int
  private let ledger: BenchLedger
  private let signed: SignedSample

  init(of ledger: BenchLedger, entries: Int, eventsAnEntry: Int) throws {
    self.ledger = ledger
    self.entries = entries
    self.eventsAnEntry = eventsAnEntry
    signed = try SignedSample()
  }

  var name: String {
    "verification, \(eventsAnEntry) \(eventsAnEntry == 1 ? "event" : "events") an entry"
  }
  var limit: String { "scan + SHA-256 + one bare Ed25519 verification an entry" }
  var bar: Bar { .atLeast(0.7) }

  func measureWork() async throws -> Measure {
    try await .rate(of: entries * eventsAnEntry) {
      let report = try await LedgerVerifier().verify(SQLiteLedger(directory: ledger.directory))
      precondition(report.findingCount == 0, "the ledger did not verify: \(report.findings)")
    }
  }

  func measureLimit() async throws -> Measure {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let share = entries / cores + 1
    let path = ledger.directory + "/ledger.sqlite"
    return try await .rate(of: entries * eventsAnEntry) {
      try await withThrowingTaskGroup { group in
        for core in 0..<cores {
          group.addTask { [signed] in
            try signed.check(rows: core * share..<(core + 1) * share, of: path)
          }
        }
        try await group.waitForAll()
      }
    }
  }
}

/// One signature over a message as long as a header, and what verifies it.
private struct SignedSample: Sendable {
  private let key: Curve25519.Signing.PublicKey
  private let message: [UInt8]
  private let signature: Data

  init() throws {
    let signer = Curve25519.Signing.PrivateKey()
    message = [UInt8](repeating: 0x61, count: 700)
    signature = try signer.signature(for: message)
    key = signer.publicKey
  }

  func check(rows: Range<Int>, of path: String) throws {
    let database = try RawDatabase(path, readOnly: true)
    let sql = """
      SELECT header, signatures, body FROM entry LEFT JOIN body USING (position)
      WHERE position >= \(rows.lowerBound) AND position < \(rows.upperBound) ORDER BY position
      """
    try database.forEachRow(sql, columns: 3) { columns in
      var hash = SHA256()
      for column in columns { hash.update(bufferPointer: column) }
      _ = hash.finalize()
      precondition(key.isValidSignature(signature, for: message))
    }
  }
}
