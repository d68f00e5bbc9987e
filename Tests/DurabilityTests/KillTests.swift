import CanonicalJSON
import Events
import Foundation
import TestKit
import Testing
import TransparencyLog
import Verification

@testable import LedgerStore

/// Real processes that append to one ledger and are killed at random moments.
@Suite struct KillTests {
  private static let runs = 300
  private static let writers = ["one", "two", "three"]

  @Test func `what was acknowledged before kill -9 is there once and in order, 300 times`()
    async throws
  {
    let store = try TemporaryLedger()
    let path = store.path
    let size = try await onOwnThread {
      let random = SeededRandom(seed: 9)
      var known = 1
      for run in 0..<Self.runs {
        let acknowledged = try Self.kill(in: path, random: random)
        known = try Self.check(path, from: known, acknowledged, "run \(run)")
      }
      return known
    }

    #expect(size > 2 * Self.runs)
    let source = SQLiteLedger(directory: path, vaultKey: store.secrets.vaultKey)
    let report = try await LedgerVerifier(workers: 1).verify(source)
    #expect(report.findings == [])
    #expect(report.size == size)
  }

  /// One run: some of the writers are killed at a random moment, the others a little later.
  private static func kill(
    in path: String, random: SeededRandom
  ) throws -> [String: [AppenderProcess.Acknowledgement]] {
    let chance = random.bytes(4).map(Int.init)
    var group = try AppenderGroup(path, writers: writers)
    try group.read { $0.count >= 1 + chance[0] % 6 }
    usleep(UInt32(chance[1] * 8))
    try group.kill(1 + chance[2] % writers.count)
    if !group.running.isEmpty {
      let until = group.count + chance[3] % 4
      try group.read { $0.count >= until }
      try group.kill(group.running.count)
    }
    return group.acknowledged
  }

  /// Opens the ledger as the next process would and compares what is new in it.
  ///
  /// - Returns: Its size.
  private static func check(
    _ path: String, from known: Int,
    _ acknowledged: [String: [AppenderProcess.Acknowledgement]], _ comment: Comment
  ) throws -> Int {
    let ledger = try Ledger.open(directory: path, for: .reading)
    let size = try ledger.head().size
    let new = try (known..<size).map { position in
      let header = try ledger.read { try EntryHeader(parsing: $0.entry(at: position).header) }
      return (position: position, entry: header.entry.description)
    }
    #expect(Set(new.map(\.entry)).count == new.count, comment)
    for (writer, entries) in acknowledged {
      #expect(entries.map(\.position) == entries.map(\.position).sorted(), "\(writer), \(comment)")
      for one in entries {
        let there = one.position - known
        try #require(new.indices.contains(there), "\(writer) lost \(one), \(comment)")
        #expect(new[there].entry == one.entry, "\(writer), \(comment)")
      }
    }
    return size
  }
}
