import CanonicalJSON
import Events

/// Walks entries in order and lends their bytes: two scans side by side, headers and bodies.
///
/// Every body that is lent is the one whose digest the header states. That the header is the one
/// that was signed, and stands in the tree, is not looked at here.
final class EntryCursor {
  private let entries: Statement
  private let bodies: Statement
  private let check = BodyCheck()

  init(_ connection: Connection) throws(LedgerError) {
    entries = try Statement(
      """
      SELECT position, recorded, header, signatures FROM entry
      WHERE position >= ? AND position < ? ORDER BY position
      """, on: connection)
    bodies = try Statement(
      """
      SELECT position, body FROM body
      WHERE position >= ? AND position < ? ORDER BY position
      """, on: connection)
  }

  /// Lends each entry of `range` to `visit` until it answers false.
  ///
  /// - Throws: ``LedgerError/rowDamaged(position:detail:)`` for one that is missing before another,
  ///   or whose body is not what was signed.
  func forEach(
    in range: Range<Int>, _ visit: (EntryView) throws -> Bool
  ) throws {
    entries.bind(1, range.lowerBound).bind(2, range.upperBound)
    bodies.bind(1, range.lowerBound).bind(2, range.upperBound)
    defer {
      entries.reset()
      bodies.reset()
    }
    var hasBody = try bodies.step()
    var expected = range.lowerBound
    while try entries.step() {
      let position = entries.integer(0)
      guard position == expected else {
        throw LedgerError.rowDamaged(position: expected, detail: "it is missing")
      }
      expected += 1
      while hasBody, bodies.integer(0) < position { hasBody = try bodies.step() }
      let isOwn = hasBody && bodies.integer(0) == position
      let view = EntryView(
        position: position, recorded: Int64(entries.integer(1)), header: entries.borrowed(2),
        body: isOwn ? bodies.borrowed(1) : nil, signatures: entries.borrowed(3))
      try check.check(view)
      guard try visit(view) else { return }
    }
  }
}

extension StoredEntry {
  /// A copy of what was lent.
  package init(_ view: EntryView) throws(LedgerError) {
    guard let recorded = Timestamp(microseconds: view.recorded) else {
      throw LedgerError.rowDamaged(
        position: view.position, detail: "its time is beyond the calendar")
    }
    self.init(
      position: view.position, header: Array(view.header), body: view.body.map { Array($0) },
      signatures: try [EntrySignature](packed: view.signatures, at: view.position),
      recorded: recorded)
  }
}
