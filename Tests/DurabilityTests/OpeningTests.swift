import Events
import Foundation
import TestKit
import Testing

@testable import LedgerStore

/// After `kill -9` a ledger opens as fast as before, however large it is.
@Suite struct OpeningTests {
  @Test func `opening after a kill reads as much of a large ledger as of a small one`() throws {
    let small = try bytesRead(opening: 3)
    let large = try bytesRead(opening: 60)

    #expect(large.database > 8 * small.database, "\(large.database) and \(small.database) bytes")
    // Some levels more of the trees, and no scan.
    #expect(large.read < small.read + 40 * 4_096, "\(large.read) and \(small.read) bytes")
    #expect(4 * large.read < large.database)
  }

  /// Bytes that are read from a ledger of `batches` × 50 entries, whose log holds the last append,
  /// when it is opened for appending.
  private func bytesRead(opening batches: Int) throws -> (read: Int, database: Int) {
    let faulty = try FaultyLedger()
    for _ in 0..<batches { try fill(faulty.template) }
    let database = faulty.template.path + "/ledger.sqlite"
    try WALCheckpointer(Schema.ledger.open(database, access: .writing)).truncate()
    try faulty.template.append(.health(), by: [.service])
    let path = try faulty.copy()

    let ledger = try faulty.open(path)

    let read = faulty.disk.bytesRead
    #expect(try ledger.head().size == 3 + 50 * batches)
    return (read, try FileDescriptor(database, O_RDONLY).byteCount())
  }

  private func fill(_ store: TemporaryLedger) throws {
    let envelopes = try (0..<50).map { number in
      let name = try #require(EnvironmentName(rawValue: "e\(number)"))
      return try store.envelope(.health(environment: name), by: [.service])
    }
    for result in try store.ledger.append(envelopes) { _ = try result.get() }
  }
}
