import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import TestKit
import Testing

/// The golden ledger, appended to a real store entry by entry.
struct GoldenStore {
  let golden: GoldenFormat
  let directory: TemporaryDirectory
  let time: FixedTime
  let secrets: LedgerSecrets
  let ledger: Ledger

  /// - Parameter count: How many of the golden entries are appended.
  init(
    entries count: Int? = nil, random: any RandomSource = SeededRandom()
  ) throws {
    golden = try Self.format()
    directory = try TemporaryDirectory()
    time = FixedTime(try Timestamp(parsing: golden.entries[0].recorded))
    secrets = LedgerSecrets(
      logKeys: [GoldenKey.log.signing, GoldenKey.newLog.signing],
      vaultKey: Array(repeating: 7, count: 32), snapshotKey: Array(repeating: 8, count: 32),
      tombstones: directory.file("erased"))
    ledger = try Ledger.create(
      directory: directory.file(".stele"), secrets: secrets, time: time, random: random)
    for entry in golden.entries.prefix(count ?? golden.entries.count) {
      time.set(try Timestamp(parsing: entry.recorded))
      _ = try ledger.append(golden.envelope(entry))
    }
  }

  static func format() throws -> GoldenFormat {
    let url = Bundle.module.url(
      forResource: "format-golden", withExtension: "json", subdirectory: "Fixtures")
    return try GoldenFormat.load(try #require(url))
  }
}
