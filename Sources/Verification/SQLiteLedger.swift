import CanonicalJSON
import Foundation

/// A `.stele` directory, read and not trusted: `ledger.sqlite`, the anchor, and the vault as far as
/// it can be opened from here.
package final class SQLiteLedger: LedgerSource {
  private let directory: String
  private let pool: SQLitePool
  private let vault: VaultFiles?
  private let hasAnchor: Bool

  /// - Parameters:
  ///   - directory: the directory, usually called `.stele`.
  ///   - vaultKey: 32 bytes that wrap the people's keys; nil leaves sealed values unopened.
  ///   - people: The directory with the people's keys, where it is another one.
  ///   - hasAnchor: Whether an anchor belongs beside the database; a copy has none.
  package init(
    directory: String, vaultKey: [UInt8]? = nil, people: String? = nil, hasAnchor: Bool = true
  ) {
    self.directory = directory
    self.hasAnchor = hasAnchor
    pool = SQLitePool(directory + "/ledger.sqlite")
    vault = vaultKey.map { VaultFiles(directory: directory, people: people, key: $0) }
  }

  package var file: String { pool.file }

  package func contents(countingRows: Bool) throws(LedgerReadError) -> LedgerContents {
    try pool.withReader { reader throws(LedgerReadError) in
      var contents = LedgerContents(entries: 0)
      try reader.query("SELECT coalesce(max(position) + 1, 0) FROM entry") {
        contents.entries = $0.integer(0)
        return false
      }
      try reader.query("SELECT note, size, witnessed FROM checkpoint ORDER BY size DESC") {
        contents.checkpoints.append(
          StoredCheckpoint(
            note: $0.text(0), size: $0.integer(1), witnessed: $0.integer(2)))
        return true
      }
      contents.hasTables = true
      contents.rows = countingRows ? try SQLiteLedger.rows(reader) : nil
      contents.anchor =
        hasAnchor && contents.entries > 0 ? AnchorFile.read(directory + "/anchor") : .notKept
      contents.hasVault = try vault?.fits() ?? false
      return contents
    }
  }

  private static func rows(_ reader: SQLiteReader) throws(LedgerReadError) -> StoredRows {
    StoredRows(
      entries: try found("entry", by: ["entry", "position"], "entry_1", reader),
      bodies: try count("body", reader),
      runs: try found(
        "run", by: ["stream", "version", "position", "start"], "run_2", reading: "count >= 1",
        reader),
      tiles: try count("tile", reader),
      streams: try found("stream", by: ["name", "id"], "stream_1", reader),
      kinds: try found("kind", by: ["name", "id"], "kind_1", reader),
      actors: try found("actor", by: ["actor", "id"], "actor_1", reader))
  }

  /// The rows of a table that its index finds, each asked for by what the index is over; where the
  /// index has another number of rows, that. The writer asks the index: one that has lost a row, or
  /// has another value for it, would let entries be recorded twice, or not found.
  ///
  /// - Parameter reading: Holds for every row and is in no index: a table without row ids would be
  ///   read from the index itself otherwise.
  private static func found(
    _ table: String, by columns: [String], _ index: String, reading: String = "rowid >= 0",
    _ reader: SQLiteReader
  ) throws(LedgerReadError) -> Int {
    let indexed = "\(table) AS found INDEXED BY sqlite_autoindex_\(index)"
    let inIndex = try count(indexed, reader)
    guard try inIndex == count("\(table) NOT INDEXED WHERE \(reading)", reader) else {
      return inIndex
    }
    let same = columns.map { "found.\($0) = row.\($0)" }.joined(separator: " AND ")
    return try count(
      "\(table) AS row NOT INDEXED CROSS JOIN \(indexed) ON \(same) WHERE row.\(reading)", reader)
  }

  private static func count(
    _ table: String, _ reader: SQLiteReader
  ) throws(LedgerReadError) -> Int {
    var count = 0
    try reader.query("SELECT count(*) FROM \(table)") {
      count = $0.integer(0)
      return false
    }
    return count
  }

  package func read(
    _ positions: Range<Int>, _ each: (EntryBytes) -> Void
  ) throws(LedgerReadError) {
    try pool.withReader { reader throws(LedgerReadError) in
      var rows = EntryRows(reader)
      try rows.read(positions, each)
    }
  }

  package func sealed(_ place: SealedPlace) throws(LedgerReadError) -> SealedAnswer {
    try vault?.open(place) ?? .notReadable
  }

  package func tile(level: Int, index: Int) throws(LedgerReadError) -> StoredTile? {
    try pool.withReader { reader throws(LedgerReadError) in
      var tile: StoredTile?
      try reader.query(
        "SELECT hashes, root FROM tile WHERE level = ? AND idx = ?",
        [.integer(level), .integer(index)]
      ) {
        tile = StoredTile(hashes: Array($0.bytes(0)), root: $0.digest(1))
        return false
      }
      return tile
    }
  }

  package func position(of id: Identifier) throws(LedgerReadError) -> Int? {
    try pool.withReader { reader throws(LedgerReadError) in
      var position: Int?
      try reader.query("SELECT position FROM entry WHERE entry = ?", [.blob(id.bytes)]) {
        position = $0.integer(0)
        return false
      }
      return position
    }
  }
}
