import CanonicalJSON
import Events
import Foundation
import LedgerStore
import TestKit
import Testing
import TransparencyLog

@testable import Verification

/// Rows swapped, removed, moved and put twice in a ledger that the real store wrote, and files put
/// back from an old copy: each named with its entry.
@Suite struct RowTamperingTests {
  struct Case: CustomTestStringConvertible {
    let name: String
    let sql: String
    let findings: [String]

    var testDescription: String { name }
  }

  /// Two rows of a table take each other's place.
  private static func swap(_ table: String, _ one: Int, _ other: Int) -> String {
    """
    UPDATE \(table) SET position = 900 WHERE position = \(one);
    UPDATE \(table) SET position = \(one) WHERE position = \(other);
    UPDATE \(table) SET position = \(other) WHERE position = 900;
    """
  }

  /// An entry goes with everything that belongs to it, and what follows moves up.
  private static func remove(_ position: Int) -> String {
    ["body", "run", "entry"].map {
      """
      DELETE FROM \($0) WHERE position = \(position);
      UPDATE \($0) SET position = position - 1000 WHERE position > \(position);
      UPDATE \($0) SET position = position + 999 WHERE position < 0;
      """
    }.joined()
  }

  /// The log had signed another tree: in both checkpoints and in the anchor.
  private static let signed = Array(repeating: "268 checkpointRoot", count: 3)

  static let rows: [Case] = [
    Case(
      name: "two entries swapped with all of theirs",
      sql: swap("entry", 40, 41) + swap("body", 40, 41) + swap("run", 40, 41),
      findings: ["40 seenAhead", "41 recordedBackwards", "255 tileStored"] + signed),
    Case(
      name: "two entries of one stream swapped with all of theirs",
      sql: swap("entry", 40, 42) + swap("body", 40, 42) + swap("run", 40, 42),
      findings: [
        "40 seenAhead", "40 versionNotNext", "41 recordedBackwards", "42 recordedBackwards",
        "42 versionNotNext",
        "44 versionNotNext", "255 tileStored",
      ] + signed),
    Case(
      name: "two bodies swapped", sql: swap("body", 40, 42),
      findings: ["40 bodyDigest", "42 bodyDigest"]),
    Case(
      name: "two entries' runs swapped", sql: swap("run", 40, 41),
      findings: ["40 runStored", "41 runStored"]),
    Case(
      name: "an entry removed, a gap left", sql: "DELETE FROM entry WHERE position = 40",
      findings: ["40 positionGap"]),
    Case(
      name: "an entry removed, the rest moved up", sql: remove(40),
      findings: [
        "40 seenAhead", "41 versionNotNext", "255 tileStored", "267 checkpointSize",
        "267 checkpointRoot", "267 anchorAhead",
      ]),
    Case(
      name: "the newest entry removed", sql: remove(267),
      findings: ["267 checkpointSize", "267 anchorAhead"]),
    Case(
      name: "the newest entry and its checkpoint removed",
      sql: remove(267) + "DELETE FROM checkpoint WHERE size = 268", findings: ["267 anchorAhead"]),
    Case(
      name: "a body removed", sql: "DELETE FROM body WHERE position = 40",
      findings: ["40 bodyMissing"]),
    Case(
      name: "a run removed", sql: "DELETE FROM run WHERE position = 40",
      findings: ["40 runStored", "268 countStored"]),
    Case(
      name: "a tile removed", sql: "DELETE FROM tile",
      findings: ["255 tileStored", "268 countStored"]),
    Case(
      name: "an entry put twice",
      sql: """
        INSERT INTO entry SELECT 268, recorded, leaf, zeroblob(16), signatures, header
          FROM entry WHERE position = 40;
        INSERT INTO body SELECT 268, body FROM body WHERE position = 40
        """, findings: ["268 entryReused", "268 entryStored", "268 runStored", "269 countStored"]),
    Case(
      name: "an entry before the first",
      sql: """
        INSERT INTO entry SELECT -1, recorded, leaf, zeroblob(16), signatures, header
          FROM entry WHERE position = 40
        """, findings: ["268 countStored"]),
    Case(
      name: "names that no entry has",
      sql: """
        INSERT INTO stream VALUES (900, 'release/web.production', 'other', 'production');
        INSERT INTO kind VALUES (900, 'x.y.v1', 'permanent');
        INSERT INTO actor VALUES (900, zeroblob(16))
        """, findings: ["268 countStored", "268 countStored", "268 countStored"]),
    Case(
      name: "a body without an entry", sql: "INSERT INTO body VALUES (400, '{}')",
      findings: ["268 countStored"]),
    Case(
      name: "the index of ids emptied", sql: emptied("sqlite_autoindex_entry_1"),
      findings: ["268 countStored"]),
    Case(
      name: "the index of versions emptied", sql: emptied("sqlite_autoindex_run_2"),
      findings: ["268 countStored"]),
    Case(
      name: "the index of ids with another id",
      sql: stale(
        "entry", "position INTEGER PRIMARY KEY, entry BLOB, UNIQUE (entry)",
        "SELECT position, iif(position = 40, zeroblob(16), entry) FROM entry"),
      findings: ["268 countStored"]),
    Case(
      name: "the index of versions with another version",
      sql: stale(
        "run",
        "position, start, stream, version, PRIMARY KEY (position, start), UNIQUE (stream, version)",
        "SELECT position, start, stream, version + iif(position = 40, 9999, 0) FROM run",
        number: 2, options: "WITHOUT ROWID"),
      findings: ["268 countStored"]),
    Case(
      name: "the index of streams with another name", sql: staleNames("stream", "name"),
      findings: ["268 countStored"]),
    Case(
      name: "the index of kinds with another name", sql: staleNames("kind", "name"),
      findings: ["268 countStored"]),
    Case(
      name: "the index of actors with another actor", sql: staleNames("actor", "actor"),
      findings: ["268 countStored"]),
    Case(
      name: "the salt of a body",
      sql: """
        UPDATE body SET body = substr(body, 1, length(body) - 34) || '\(zeros)"}'
        WHERE position = 40
        """, findings: ["40 bodyDigest"]),
    Case(
      name: "a registered key",
      sql: "UPDATE body SET body = replace(body, 'ed25519', 'ed448') WHERE position = 1",
      findings: ["1 bodyDigest"]),
  ]

  private static let zeros = String(repeating: "0", count: 32)

  /// The index points at an empty page, as of a table without rows.
  private static func emptied(_ index: String) -> String {
    """
    CREATE TABLE empty (x, UNIQUE (x));
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET rootpage =
      (SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_empty_1')
      WHERE name = '\(index)';
    DELETE FROM sqlite_schema WHERE tbl_name = 'empty';
    PRAGMA writable_schema = RESET
    """
  }

  /// An index as large as before, which has another value for one row of `table`.
  private static func stale(
    _ table: String, _ columns: String, _ rows: String, number: Int = 1, options: String = ""
  ) -> String {
    """
    CREATE TABLE shadow (\(columns)) \(options);
    INSERT INTO shadow \(rows);
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET rootpage =
      (SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_shadow_\(number)')
      WHERE name = 'sqlite_autoindex_\(table)_\(number)';
    DELETE FROM sqlite_schema WHERE tbl_name = 'shadow';
    PRAGMA writable_schema = RESET
    """
  }

  private static func staleNames(_ table: String, _ column: String) -> String {
    stale(
      table, "id INTEGER PRIMARY KEY, value, UNIQUE (value)",
      "SELECT id, iif(id = 1, 'other', \(column)) FROM \(table)")
  }

  @Test(arguments: rows)
  func `rows that are not where they were written are named`(tampered: Case) async throws {
    let ledger = try WrittenLedger.shared.get()
    let file = try ledger.copy()
    try file.tamper(tampered.sql)

    let found = try await file.findings(of: ledger)
    #expect(found == tampered.findings, "\(tampered.name): \(found)")
  }

  // MARK: - Entries of elsewhere

  @Test func `an entry of another ledger is named by both origins`() async throws {
    let written = try WrittenLedger.shared.get()
    let file = try written.copy()
    let other = try TemporaryLedger(genesis: [])
    other.time.advance(milliseconds: 40_000)
    let keys = GoldenKey.genesis
    let origin = try Origin(parsing: "other/d6e783f2-e0bb-42df-8968-fc88bfaa7910/1")
    _ = try other.ledger.append(
      other.envelope(
        TemporaryLedger.genesis(keys), by: [.administrator] + keys, ledger: origin))
    try other.append(.health(), by: [.service])
    try file.tamper(
      """
      ATTACH '\(other.path)/ledger.sqlite' AS other;
      UPDATE entry SET (recorded, leaf, entry, signatures, header) =
        (SELECT recorded, leaf, zeroblob(16), signatures, header FROM other.entry
         WHERE position = 1)
        WHERE position = 40;
      UPDATE body SET body = (SELECT body FROM other.body WHERE position = 1) WHERE position = 40;
      DETACH other
      """)

    let findings = try await file.report(of: written).findings
    let mine = try #require(LedgerOrigin(parsing: LedgerForge.origin))
    let theirs = try #require(LedgerOrigin(parsing: "\(origin)"))
    #expect(
      findings.first
        == Finding(position: 40, error: .ledgerMismatch(named: theirs, valid: mine)), "\(findings)")
  }

  @Test func `an entry in another stream is no longer what was signed`() async throws {
    let ledger = try WrittenLedger.shared.get()
    let file = try ledger.copy()
    try file.tamper(
      """
      UPDATE entry SET header = replace(header, 'health/tamma.production', 'health/tamma.staging')
      WHERE position = 40
      """)

    let found = try await file.findings(of: ledger)
    #expect(found.first == "40 streamName", "\(found)")
  }

  // MARK: - Files of an earlier time

  @Test func `an old database beside the anchor is found, and not opened`() async throws {
    let ledger = try WrittenLedger.shared.get()
    let file = try ledger.copy(restoring: ["ledger.sqlite"])

    #expect(
      try await file.report(of: ledger).findings == [
        Finding(position: 101, error: .anchorAhead(size: WrittenLedger.size, entries: 101))
      ])
    #expect(
      throws: LedgerError.anchorAhead(
        path: file.directory + "/anchor", anchored: WrittenLedger.size, size: 101)
    ) { try file.open(ledger) }
  }

  @Test func `an old anchor beside the database loses nothing, and is brought up at opening`()
    async throws
  {
    let ledger = try WrittenLedger.shared.get()
    let file = try ledger.copy(restoring: ["anchor"])
    #expect(try await file.findings(of: ledger) == [])

    try file.open(ledger).close()

    let newest = try #require(ledger.notes[WrittenLedger.size])
    #expect(AnchorFile.read(file.directory + "/anchor") == .note(newest))
  }

  @Test func `old personal words beside the ledger are missed where they are sealed`()
    async throws
  {
    let ledger = try WrittenLedger.shared.get()
    let file = try ledger.copy()
    try file.execute("DELETE FROM sealed", in: "vault.sqlite")

    #expect(try await file.findings(of: ledger) == ["2 sealedMissing", "3 sealedMissing"])
  }

  @Test func `all people's keys overwritten look like another vault's, which is said`()
    async throws
  {
    let ledger = try WrittenLedger.shared.get()
    let file = try ledger.copy()
    try file.execute("UPDATE person SET wrapped = zeroblob(60)", in: "vault-keys.sqlite")

    let report = try await file.report(of: ledger)

    #expect(report.findings == [])
    #expect(report.counts.sealedNotReadable == 3)
    #expect(report.counts.sealedValues == 0)
  }

  // MARK: - Schema

  @Test(arguments: [
    ("DROP TRIGGER entry_is_never_updated", "schemaDiffers"),
    ("CREATE INDEX more ON run (actor)", "schemaDiffers"),
    ("ALTER TABLE snapshot ADD COLUMN more TEXT", "schemaDiffers"),
    ("PRAGMA user_version = 2", "schemaNewer"),
    ("PRAGMA application_id = 1", "foreignFile"),
  ])
  func `a changed schema is not opened`(sql: String, refusal: String) throws {
    let ledger = try WrittenLedger.shared.get()
    let file = try ledger.copy()
    try file.execute(sql)

    #expect(try file.refusal(of: ledger) == refusal)
  }

  // MARK: - What only others remember

  /// Database and anchor together as they were: whoever owns both owns the log's key too.
  private func restored() throws -> (written: WrittenLedger, file: LedgerFile) {
    let written = try WrittenLedger.shared.get()
    return (written, try written.copy(restoring: ["ledger.sqlite", "anchor"]))
  }

  @Test func `database and anchor put back together agree with each other`() async throws {
    let (written, file) = try restored()

    #expect(try await file.findings(of: written) == [])
    #expect(try file.refusal(of: written) == nil)
  }

  @Test func `a remembered checkpoint sees that database and anchor were put back`() throws {
    let (written, file) = try restored()
    let client = ClientState(directory: file.directory + "/client")
    try written.copy().open(written).read { _ = try client.check($0) }

    let path = client.checkpointFile(of: try #require(try file.open(written).head().origin))
    #expect(
      throws: LedgerError.clientStateAhead(path: path, verified: WrittenLedger.size, size: 101)
    ) { try file.open(written).read { try client.check($0) } }
  }

  @Test func `a witness that follows the log sees that database and anchor were put back`()
    async throws
  {
    let (written, file) = try restored()
    let witnessed = try checkpoint(try #require(written.notes[WrittenLedger.witnessedSize]))
    let now = try checkpoint(try #require(try file.open(written).head().checkpoint?.serialized))

    #expect(throws: FollowError.shrunken(remembered: WrittenLedger.witnessedSize, now: 101)) {
      try CheckpointFollower(remembered: witnessed).follow(now, in: file.source())
    }
  }

  @Test func `a receipt kept elsewhere names an entry that a ledger put back no longer proves`()
    async throws
  {
    let (written, file) = try restored()
    let kept = try Receipt(parsing: written.receipt)
    let under = try checkpoint(kept.note.serialized)

    // The entry of an early receipt is still there; a rewritten one would have another root.
    let now = try checkpoint(try #require(try file.open(written).head().checkpoint?.serialized))
    try CheckpointFollower(remembered: under).follow(now, in: file.source())
    let other = try TemporaryLedger()
    for _ in 0..<9 { try other.append(.health(2), by: [.service]) }
    let rewritten = try checkpoint(try #require(try other.ledger.head().checkpoint?.serialized))
    #expect(throws: FollowError.self) {
      try CheckpointFollower(remembered: under).follow(
        rewritten, in: SQLiteLedger(directory: other.path))
    }
  }

  private func checkpoint(_ note: String) throws -> Checkpoint {
    try Checkpoint(parsing: SignedNote(parsing: note).text)
  }
}
