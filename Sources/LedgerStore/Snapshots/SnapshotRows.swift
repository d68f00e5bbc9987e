import CanonicalJSON
import Cryptography

/// Snapshots in the database, each with an HMAC under a key that is kept elsewhere.
///
/// Trusted for nothing without it: a row whose HMAC or root does not match is as good as absent.
final class SnapshotRows {
  private let select: Statement
  private let insert: Statement?
  private let removeOthers: Statement?
  /// The newest is read; those before it stand in for it when it is damaged. With another key all
  /// are as good as damaged, and nobody is to read them all in vain.
  private static let triedMax = 4

  init(_ connection: Connection, access: Connection.Access) throws(LedgerError) {
    select = try Statement(
      """
      SELECT size, root, hmac, bytes FROM snapshot
      WHERE name = ? AND revision = ? AND size <= ? ORDER BY size DESC LIMIT \(Self.triedMax)
      """, on: connection)
    guard access == .writing else {
      (insert, removeOthers) = (nil, nil)
      return
    }
    insert = try Statement(
      "INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?, ?, ?)", on: connection)
    removeOthers = try Statement(
      "DELETE FROM snapshot WHERE name = ? AND (revision <> ? OR size > ?)", on: connection)
  }

  /// The newest state of at most `size` entries whose HMAC holds and whose root `isRoot` confirms.
  func newest(
    _ name: String, revision: Int, upTo size: Int, key: [UInt8],
    isRoot: (Digest, Int) throws -> Bool
  ) throws -> Snapshot? {
    select.bindText(1, name).bind(2, revision).bind(3, size)
    defer { select.reset() }
    while try select.step() {
      let snapshot = Snapshot(
        name: name, revision: revision, size: select.integer(0), bytes: select.bytes(3))
      let root = try select.digest(1)
      let isOurs = isValidHMACSHA256(
        select.bytes(2), for: Self.message(snapshot, root: root), key: key)
      if isOurs, try isRoot(root, snapshot.size) { return snapshot }
    }
    return nil
  }

  /// Stores a state; removes those of other revisions and of more entries than the ledger has.
  func store(
    _ snapshot: Snapshot, root: Digest, ledgerSize: Int, key: [UInt8]
  ) throws(LedgerError) {
    try removeOthers?.bindText(1, snapshot.name).bind(2, snapshot.revision).bind(3, ledgerSize)
      .run()
    let code = hmacSHA256(Self.message(snapshot, root: root), key: key)
    try insert?.bindText(1, snapshot.name).bind(2, snapshot.revision).bind(3, snapshot.size)
      .bindBlob(4, root).bindBlob(5, code).bindBlob(6, snapshot.bytes).run()
  }

  /// Name, revision, size, root and bytes, so that none can be exchanged for another.
  private static func message(_ snapshot: Snapshot, root: Digest) -> [UInt8] {
    let head = "stele/snapshot/v1\0\(snapshot.name)\0\(snapshot.revision)\0\(snapshot.size)\0"
    return Array(head.utf8) + root.bytes + snapshot.bytes
  }
}
