import Events
import LedgerStore
import Projections

extension LedgerState {
  /// Takes in the entries from its own size up to `size`, from the store's bytes where they stand,
  /// or those of the first `bytes` of them: at least one, and the last one whole.
  ///
  /// Bodies are compared with their headers on the way. Headers are taken as they stand: that they
  /// are what was signed is proven by `tree`, or by `stele verify`.
  ///
  /// - Parameter tree: Of the entries before; takes these in as well, unless it is nil.
  /// - Returns: Bytes of headers and bodies that were read.
  /// - Throws: `LedgerError.rowDamaged` when an entry is missing or is not what was appended; the
  ///   state then ends before it.
  @discardableResult
  package mutating func fold(
    _ reader: LedgerReader, upTo size: Int, bytes: Int = .max, into tree: inout ReadTree?
  ) throws -> Int {
    var byteCount = 0
    try reader.forEachEntry(in: self.size..<size) { view in
      guard view.position == self.size else { throw missing }
      guard let recorded = Timestamp(microseconds: view.recorded) else {
        throw LedgerError.rowDamaged(
          position: view.position, detail: "its time is beyond the calendar")
      }
      try take(
        BorrowedEntry(
          position: view.position, recorded: recorded, header: view.header, body: view.body))
      try tree?.append(view)
      byteCount += view.header.count + (view.body?.count ?? 0)
      return byteCount < bytes
    }
    guard self.size == size || byteCount >= bytes else { throw missing }
    return byteCount
  }

  /// The same without a tree: for who does nothing by what it finds.
  @discardableResult
  package mutating func fold(
    _ reader: LedgerReader, upTo size: Int, bytes: Int = .max
  ) throws -> Int {
    var none: ReadTree?
    return try fold(reader, upTo: size, bytes: bytes, into: &none)
  }

  private mutating func take(_ entry: BorrowedEntry) throws(LedgerError) {
    do { try apply(entry) } catch {
      throw LedgerError.rowDamaged(position: entry.position, detail: error.clause)
    }
  }

  private var missing: LedgerError { .rowDamaged(position: size, detail: "it is missing") }
}
