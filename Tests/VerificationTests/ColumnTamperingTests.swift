import CanonicalJSON
import Foundation
import LedgerStore
import TestKit
import Testing
import TransparencyLog

@testable import Verification

/// Every column of every table, changed as the owner of the files can: the triggers taken off, one
/// value edited, the triggers put back.
@Suite struct ColumnTamperingTests {
  struct Case: CustomTestStringConvertible {
    let file: String
    let column: String
    let sql: String
    /// What the verifier names, `position name` each; all of it.
    let findings: [String]
    /// The error with which opening is refused; nil when it opens.
    var refusal: String?
    /// Why nothing is found and it opens: the value counts for nothing.
    var means: String?

    var testDescription: String { "\(file) \(column)" }
  }

  private static func ledger(
    _ column: String, _ sql: String, _ findings: [String] = [], refusal: String? = nil,
    means: String? = nil
  ) -> Case {
    Case(
      file: "ledger.sqlite", column: column, sql: sql, findings: findings, refusal: refusal,
      means: means)
  }

  /// What follows another line at position 40: the next signer had seen the old tree, so had the
  /// tile, and so had the log: in both checkpoints and the anchor.
  private static let later =
    ["41 seenRoot", "255 tileStored"] + Array(repeating: "268 checkpointRoot", count: 3)

  /// The entries of the approver.
  private static let approvals = ["2 runStored", "3 runStored", "4 runStored"]

  static let entries: [Case] = [
    ledger(
      "entry.position", "UPDATE entry SET position = 400 WHERE position = 267",
      ["267 positionGap"]),
    ledger(
      "entry.recorded", "UPDATE entry SET recorded = recorded + 1 WHERE position = 40",
      ["40 leafStored"] + later),
    ledger(
      "entry.leaf", "UPDATE entry SET leaf = zeroblob(32) WHERE position = 40",
      ["40 leafStored"]),
    ledger(
      "entry.entry", "UPDATE entry SET entry = zeroblob(16) WHERE position = 40",
      ["40 entryStored"]),
    ledger(
      "entry.signatures",
      """
      UPDATE entry SET signatures = CAST(substr(signatures, 1, 95) || x'ff' AS BLOB)
      WHERE position = 40
      """, ["40 signatureInvalid", "40 leafStored"] + later),
    ledger(
      "entry.header",
      "UPDATE entry SET header = replace(header, 'tamma/', 'tamna/') WHERE position = 40",
      ["40 ledgerMismatch", "40 signatureInvalid", "40 leafStored"] + later),
    ledger(
      "body.position", "UPDATE body SET position = 8 WHERE position = 40",
      ["8 bodyDigest", "40 bodyMissing"]),
    ledger(
      "body.body", "UPDATE body SET body = replace(body, 'pass', 'fail') WHERE position = 40",
      ["40 bodyDigest"]),
  ]

  static let names: [Case] = [
    ledger("kind.id", "UPDATE kind SET id = 99 WHERE name = 'privacy.erased.v1'", ["5 runStored"]),
    ledger(
      "kind.name", "UPDATE kind SET name = 'privacy.erased.v2' WHERE name = 'privacy.erased.v1'",
      ["5 runStored"]),
    ledger(
      "kind.class", "UPDATE kind SET class = 'telemetry' WHERE name = 'privacy.erased.v1'",
      ["5 runStored"]),
    ledger("actor.id", "UPDATE actor SET id = 99 WHERE id = 2", approvals),
    ledger("actor.actor", "UPDATE actor SET actor = zeroblob(16) WHERE id = 2", approvals),
    ledger(
      "stream.id", "UPDATE stream SET id = 99 WHERE name = 'retention/main'", ["266 runStored"]),
    ledger(
      "stream.name", "UPDATE stream SET name = 'retention/mine' WHERE name = 'retention/main'",
      ["266 runStored"]),
    ledger(
      "stream.application", "UPDATE stream SET application = 'x' WHERE name = 'retention/main'",
      ["266 runStored"]),
    ledger(
      "stream.environment", "UPDATE stream SET environment = 'x' WHERE name = 'retention/main'",
      ["266 runStored"]),
    ledger(
      "run.position", "UPDATE run SET position = 41, start = 1 WHERE position = 40",
      ["40 runStored", "41 runStored"]),
    ledger("run.start", "UPDATE run SET start = 1 WHERE position = 40", ["40 runStored"]),
    ledger(
      "run.stream", "UPDATE run SET stream = 99 WHERE position = 40", ["40 runStored"]),
    ledger("run.version", "UPDATE run SET version = 999 WHERE position = 40", ["40 runStored"]),
    ledger("run.count", "UPDATE run SET count = 2 WHERE position = 40", ["40 runStored"]),
    ledger("run.kind", "UPDATE run SET kind = 1 WHERE position = 40", ["40 runStored"]),
    ledger("run.actor", "UPDATE run SET actor = 1 WHERE position = 40", ["40 runStored"]),
  ]

  static let tree: [Case] = [
    ledger("tile.level", "UPDATE tile SET level = 1", ["255 tileStored"]),
    ledger("tile.idx", "UPDATE tile SET idx = 1", ["255 tileStored"]),
    ledger("tile.root", "UPDATE tile SET root = zeroblob(32)", ["255 tileStored"]),
    ledger("tile.hashes", "UPDATE tile SET hashes = zeroblob(8192)", ["255 tileStored"]),
    ledger(
      "checkpoint.size", "UPDATE checkpoint SET size = 259 WHERE size = 260",
      ["268 checkpointStored"]),
    ledger(
      "checkpoint.witnessed", "UPDATE checkpoint SET witnessed = 0 WHERE size = 260",
      ["268 checkpointStored"]),
    ledger(
      "checkpoint.witnessed", "UPDATE checkpoint SET witnessed = -1 WHERE size = 268",
      ["268 checkpointStored"]),
    ledger(
      "checkpoint.note",
      """
      UPDATE checkpoint
      SET note = substr(note, 1, length(note) - 8) || 'AAAA' || substr(note, -4)
      WHERE size = 260
      """, ["268 checkpointSignature"]),
    ledger(
      "migration.number", "UPDATE migration SET number = 2", refusal: "migrationDiffers"),
    ledger(
      "migration.name", "UPDATE migration SET name = '0001_other'", refusal: "migrationDiffers"),
    ledger(
      "migration.digest", "UPDATE migration SET digest = zeroblob(32)",
      refusal: "migrationDiffers"),
  ]

  private static let cache = "a snapshot is a cache: without a true HMAC it is not there"

  static let snapshots: [Case] = [
    ledger("snapshot.name", "UPDATE snapshot SET name = 'costs'", means: cache),
    ledger("snapshot.revision", "UPDATE snapshot SET revision = 2", means: cache),
    ledger("snapshot.size", "UPDATE snapshot SET size = 200", means: cache),
    ledger("snapshot.root", "UPDATE snapshot SET root = zeroblob(32)", means: cache),
    ledger("snapshot.hmac", "UPDATE snapshot SET hmac = zeroblob(32)", means: cache),
    ledger("snapshot.bytes", "UPDATE snapshot SET bytes = x'09'", means: cache),
  ]

  static let vault: [Case] =
    [
      ("sealed.entry", "UPDATE sealed SET entry = zeroblob(16) WHERE rowid = 1"),
      ("sealed.event", "UPDATE sealed SET event = 1 WHERE rowid = 1"),
      ("sealed.pointer", "UPDATE sealed SET pointer = '/other' WHERE rowid = 1"),
      ("sealed.subject", "UPDATE sealed SET subject = zeroblob(16) WHERE rowid = 1"),
      ("sealed.ciphertext", "UPDATE sealed SET ciphertext = zeroblob(64) WHERE rowid = 1"),
    ].map {
      Case(file: "vault.sqlite", column: $0, sql: $1, findings: ["2 sealedMissing"])
    } + [
      Case(
        file: "vault.sqlite", column: "sealed.settled",
        sql: "UPDATE sealed SET settled = 1 - settled", findings: [],
        means: "what is not settled is looked up in the ledger at the next use, and settled")
    ] + migrations(of: "vault.sqlite")

  static let people: [Case] =
    [
      ("person.subject", "UPDATE person SET subject = zeroblob(16) WHERE rowid = 1"),
      ("person.wrapped", "UPDATE person SET wrapped = zeroblob(60) WHERE rowid = 1"),
    ].map {
      Case(file: "vault-keys.sqlite", column: $0, sql: $1, findings: ["2 sealedMissing"])
    } + [
      Case(
        file: "vault-keys.sqlite", column: "tombstone.subject",
        sql: "UPDATE tombstone SET subject = zeroblob(16)", findings: [],
        means: "the tombstone outside the directory is applied again at the next use"),
      Case(
        file: "vault-keys.sqlite", column: "tombstone.erased",
        sql: "UPDATE tombstone SET erased = 0", findings: [],
        means: "when somebody was erased is what the ledger's privacy.erased says"),
    ] + migrations(of: "vault-keys.sqlite")

  private static func migrations(of file: String) -> [Case] {
    [
      ("migration.number", "UPDATE migration SET number = 2"),
      ("migration.name", "UPDATE migration SET name = '0001_other'"),
      ("migration.digest", "UPDATE migration SET digest = zeroblob(32)"),
    ].map {
      Case(file: file, column: $0, sql: $1, findings: [], refusal: "migrationDiffers")
    }
  }

  static let all = entries + names + tree + snapshots + vault + people

  @Test func `there is a case for every column of every table`() throws {
    let file = try WrittenLedger.shared.get().copy()
    for name in ["ledger.sqlite", "vault.sqlite", "vault-keys.sqlite"] {
      var columns: [String] = []
      try SQLiteReader(file.directory + "/" + name).query(
        """
        SELECT m.name || '.' || c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c
        WHERE m.type = 'table'
        """
      ) {
        columns.append($0.text(0))
        return true
      }
      #expect(
        Set(columns) == Set(Self.all.filter { $0.file == name }.map(\.column)), "\(name)")
    }
  }

  @Test func `nothing changed is nothing found`() async throws {
    let ledger = try WrittenLedger.shared.get()
    let file = try ledger.copy()

    let report = try await file.report(of: ledger)

    #expect(report.findings == [])
    #expect(report.size == WrittenLedger.size)
    #expect(report.counts.sealedValues == 2)
    #expect(report.erased == 1)
    #expect(report.pruned == [.telemetry: 2])
    #expect(report.counts.tiles == 1)
    #expect(report.counts.checkpoints == 3)
    #expect(report.verdict == .verified)
    #expect(try file.refusal(of: ledger) == nil)
  }

  @Test(arguments: all)
  func `a changed column is named with its entry, refused at opening, or counts for nothing`(
    tampered: Case
  ) async throws {
    let ledger = try WrittenLedger.shared.get()
    let file = try ledger.copy()
    try file.tamper(tampered.sql, in: tampered.file)

    let found = try await file.findings(of: ledger)

    #expect(found == tampered.findings, "\(tampered.column): \(found)")
    if found.isEmpty {
      let refusal = try file.vaultRefusal(of: ledger)
      #expect(refusal == tampered.refusal)
      #expect((refusal == nil) == (tampered.means != nil))
    }
    if tampered.means != nil { try await expectUnchangedAnswers(file, ledger) }
  }

  /// It goes on: the same entries, no state that was altered, personal words of the living only.
  private func expectUnchangedAnswers(_ file: LedgerFile, _ written: WrittenLedger) async throws {
    let ledger = try file.open(written)
    #expect(try ledger.head().checkpoint?.serialized == written.notes[WrittenLedger.size])
    let snapshot = try ledger.snapshot("releases", revision: 1, upTo: WrittenLedger.size)
    #expect(snapshot == nil || snapshot?.bytes == [1, 2, 3])
    #expect(
      try ledger.reveal(at: 2, index: 0, pointer: "/comment") == .value(.string("looks good")))
    #expect(try await file.findings(of: written) == [])
  }
}

extension LedgerFile {
  /// Like ``refusal(of:)``, with the vault opened for writing as the next personal value does.
  fileprivate func vaultRefusal(of written: WrittenLedger) throws -> String? {
    do {
      let ledger = try open(written)
      try ledger.erase(GoldenKey.stranger.owner)
      return nil
    } catch let error as LedgerError {
      return Mirror(reflecting: error).children.first?.label
    }
  }
}
