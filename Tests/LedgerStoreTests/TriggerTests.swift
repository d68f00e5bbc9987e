import CanonicalJSON
import Events
import TestKit
import Testing

@testable import LedgerStore

/// The schema refuses what no code of ours should ever try.
@Suite struct TriggerTests {
  let store: TemporaryLedger
  let connection: Connection

  init() throws {
    store = try TemporaryLedger()
    try store.append(.health(2), by: [.service])
    try store.append(.health(1), by: [.service])
    connection = try Connection(path: store.path + "/ledger.sqlite", access: .writing)
  }

  func expectRefused(_ sql: String, _ reason: String) throws {
    do {
      try connection.execute(sql)
      Issue.record("not refused: \(sql)")
    } catch {
      #expect(error.description.contains(reason), "\(error)")
    }
    try Rederivation(path: store.path).check(size: 3)
  }

  @Test(arguments: ["entry", "body", "run", "tile", "kind", "actor", "stream"])
  func `rows are never updated`(table: String) throws {
    if table == "tile" { try insertTile() }
    let column = ["kind": "name = 'x.y.v1'", "stream": "name = 'a/b'", "actor": "id = 9"][table]
    let sql = "UPDATE \(table) SET \(column ?? "\(firstColumn(table)) = 99")"
    try expectRefused(sql, "\(table): ")
  }

  private func firstColumn(_ table: String) -> String { table == "tile" ? "idx" : "position" }

  private func insertTile() throws {
    try connection.execute("INSERT INTO tile VALUES (0, 0, zeroblob(32), zeroblob(8192))")
  }

  @Test(arguments: ["entry", "run", "tile", "kind", "actor", "stream"])
  func `rows are never deleted`(table: String) throws {
    if table == "tile" { try insertTile() }
    try expectRefused("DELETE FROM \(table)", "\(table): rows are never deleted")
  }

  @Test(arguments: [
    "INSERT INTO entry SELECT 5, recorded, leaf, zeroblob(16), signatures, header "
      + "FROM entry LIMIT 1",
    "INSERT OR REPLACE INTO entry SELECT 1, recorded, leaf, zeroblob(16), signatures, header "
      + "FROM entry LIMIT 1",
  ])
  func `an entry takes the next position`(sql: String) throws {
    try expectRefused(sql, "entry: the position must be the next one")
  }

  @Test(arguments: ["INSERT", "INSERT OR REPLACE", "REPLACE"])
  func `an id stands once, whatever the insert does about conflicts`(verb: String) throws {
    try expectRefused(
      "\(verb) INTO entry SELECT 3, recorded, leaf, entry, signatures, header FROM entry "
        + "WHERE position = 1", "entry: this id is already in the ledger")
  }

  @Test func `an entry is not recorded before its predecessor`() throws {
    try expectRefused(
      "INSERT INTO entry SELECT 3, 0, leaf, zeroblob(16), signatures, header FROM entry LIMIT 1",
      "entry: recorded before its predecessor")
  }

  @Test func `runs belong to the newest entry and continue their stream`() throws {
    let stream = "(SELECT id FROM stream WHERE name = 'health/tamma.production')"
    try expectRefused(
      "INSERT INTO run SELECT 1, 2, stream, 4, 1, kind, actor FROM run WHERE stream = \(stream)",
      "run: only of the newest entry")
    for version in [3, 5] {
      try expectRefused(
        "INSERT OR REPLACE INTO run SELECT 2, 1, stream, \(version), 1, kind, actor FROM run "
          + "WHERE stream = \(stream) LIMIT 1", "run: the version must be the next")
    }
  }

  @Test func `a body stands once and goes only when a retention event covers it`() throws {
    try expectRefused("INSERT OR REPLACE INTO body VALUES (1, '{}')", "body: only of the newest")
    try expectRefused("INSERT OR REPLACE INTO body VALUES (2, '{}')", "body: only of the newest")
    try expectRefused("DELETE FROM body WHERE position = 1", "body: no retention.applied event")
  }

  @Test func `a covered body can go, its neighbours cannot`() throws {
    let retention = RetentionApplied(retention: .telemetry, first: 0, last: 1)
    try store.append(
      EntryDraft([DraftEvent(retention, in: .retention)]), by: [.administrator])

    try connection.execute("DELETE FROM body WHERE position = 1")

    for position in [0, 2, 3] {
      #expect(throws: LedgerError.self) {
        try connection.execute("DELETE FROM body WHERE position = \(position)")
      }
    }
    let entry = try store.ledger.read { try $0.entry(at: 1) }
    #expect(entry.body == nil)
    #expect(try entry.read().events.isEmpty)
    #expect(try store.ledger.read { try $0.entry(at: 2) }.body != nil)
  }

  @Test func `tiles come in order, and a checkpoint covers no more than there is`() throws {
    try expectRefused(
      "INSERT INTO tile VALUES (0, 1, zeroblob(32), zeroblob(8192))", "tile: the index must be")
    try expectRefused("INSERT INTO checkpoint VALUES (4, 0, 'x')", "checkpoint: it covers more")
  }

  @Test func `a witnessed checkpoint stays`() throws {
    try connection.execute("UPDATE checkpoint SET witnessed = 1")
    try expectRefused("DELETE FROM checkpoint", "checkpoint: a witnessed one stays")
    try expectRefused("UPDATE checkpoint SET witnessed = 0", "checkpoint: a witnessed one stays")
  }
}
