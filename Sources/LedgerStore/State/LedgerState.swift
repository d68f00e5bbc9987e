import CanonicalJSON
import Events

/// What is known of a ledger without reading it again: its size, its tree's right edge, and who may
/// do what.
///
/// Loaded from the right edge and the few governing entries, whatever the size; brought up to date
/// when another process has appended.
final class LedgerState {
  private(set) var custody = LedgerCustody()
  /// Entries in the ledger.
  private(set) var size = 0
  /// Of the newest entry.
  private(set) var previous: Timestamp?
  private(set) var tree: TreeReader

  /// So few new entries are read one by one rather than the right edge anew.
  private static let nearMax = 256

  private let tiles: TileStore
  private let rows: StateRows

  init(_ connection: Connection, access: Connection.Access) throws(LedgerError) {
    tiles = try TileStore(connection, access: access)
    rows = try StateRows(connection)
    tree = TreeReader(tiles, edge: RightEdge())
  }

  /// Reads what has been appended since the last time.
  ///
  /// - Returns: Whether anything had.
  @discardableResult
  func catchUp() throws(LedgerError) -> Bool {
    guard let newest = try rows.newest() else {
      let changed = size != 0
      forget()
      return changed
    }
    guard newest.position + 1 != size else { return false }
    if newest.position + 1 < size { forget() }
    let count = newest.position + 1 - size
    let isNear = size > 0 && count <= Self.nearMax
    for governing in try rows.governing(from: size, isNear: isNear) {
      custody.apply(governing.events, ledger: governing.ledger, at: governing.position)
    }
    if isNear {
      for leaf in try tiles.leaves(from: size, to: size + count) { _ = tree.edge.append(leaf) }
    } else {
      tree = TreeReader(tiles, edge: try tiles.rightEdge(size: size + count))
    }
    size += count
    previous = newest.recorded
    return true
  }

  /// Takes an entry that this process has inserted, and stores the tiles that it filled.
  func append(_ entry: AdmittedEntry) throws(LedgerError) {
    for full in tree.edge.append(entry.leaf) { try tiles.store(full) }
    custody.apply(entry.governing, ledger: entry.header.ledger, at: entry.position)
    size = entry.position + 1
    previous = entry.recorded
  }

  /// Forgets everything, after a transaction that was rolled back; the next use reads it again.
  func forget() {
    custody = LedgerCustody()
    size = 0
    previous = nil
    tree = TreeReader(tiles, edge: RightEdge())
  }
}
