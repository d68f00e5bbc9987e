import CSimulatedDisk
import Testing

@testable import LedgerStore
@testable import Simulation

/// What a failed sync has forgotten, and what writing the log again makes of it.
@Suite struct LogBytesTests {
  private static let rowBytes = 300_000

  @Test func `what a failed sync forgot is durable once the log is written again`() throws {
    for seed in 1..<20 as Range<UInt64> {
      let kept = try bytesKept(seed: seed, in: "/written-again-\(seed)") { _, _, connection in
        try LogBytes(of: connection).makeDurable()
      }
      #expect(kept == "\(Self.rowBytes)", "seed \(seed)")
    }
  }

  @Test func `another sync alone does not bring it back`() throws {
    let kept = try (1..<20).map { seed in
      try bytesKept(seed: seed, in: "/synced-again-\(seed)") { disk, log, _ in disk.sync(log) }
    }

    #expect(kept.contains(nil))
  }

  /// Commits a row whose sync fails and forgets, reads it as the next process does, and loses the
  /// power after `work`.
  ///
  /// - Returns: Bytes of the row that are there after all; nil when it is not.
  private func bytesKept(
    seed: UInt64, in directory: String,
    doing work: (SimulatedDisk, _ log: String, Connection) throws -> Void
  ) throws -> String? {
    let disk = try SimulatedDisk(directory: directory, seed: seed, image: nil)
    let path = directory + "/file"
    try withExtendedLifetime(Connection(path: path, access: .writing)) { first in
      try first.execute("CREATE TABLE t (x)")
      disk.decide = { $0.kind == CSIM_SYNC ? .forgotten : .done }
      let insert = "INSERT INTO t VALUES (zeroblob(\(Self.rowBytes)))"
      #expect(throws: LedgerError.self) { try first.execute(insert) }
      disk.decide = { _ in .done }
    }
    try withExtendedLifetime(Connection(path: path, access: .writing)) { second in
      #expect(try Self.length(second) == "\(Self.rowBytes)")
      try work(disk, path + "-wal", second)
      disk.powerOff()
    }
    return try withExtendedLifetime(Connection(path: path, access: .writing)) {
      try Self.length($0)
    }
  }

  private static func length(_ connection: Connection) throws -> String? {
    try connection.text("SELECT length(x) FROM t")
  }

  @Test func `frames of an older log are left alone`() throws {
    let directory = "/older-frames"
    let disk = try SimulatedDisk(directory: directory, seed: 1, image: nil)
    try withExtendedLifetime(Connection(path: directory + "/file", access: .writing)) {
      try $0.execute("CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(600000))")
      _ = try $0.text("PRAGMA wal_checkpoint(RESTART)")
      try $0.execute("INSERT INTO t VALUES (1)")
      var written: [Range<Int64>] = []
      disk.decide = {
        if $0.kind == CSIM_WRITE { written.append($0.offset..<$0.offset + $0.count) }
        return .done
      }

      try LogBytes(of: $0).makeDurable()

      disk.decide = { _ in .done }
      #expect(written.first == 0..<32)
      #expect(written.count == 2)
      #expect(written.last?.lowerBound == 32)
      let frames = (written.last?.count ?? 0) / 4_120
      #expect((1..<5).contains(frames))
    }
  }
}
