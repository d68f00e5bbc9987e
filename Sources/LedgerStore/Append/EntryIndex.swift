import CanonicalJSON
import Events

/// Questions about entries by id, for the checks of an append.
final class EntryIndex {
  private let byID: Statement
  private let header: Statement

  init(_ connection: Connection) throws(LedgerError) {
    byID = try Statement("SELECT position FROM entry WHERE entry = ?", on: connection)
    header = try Statement("SELECT header FROM entry WHERE position = ?", on: connection)
  }

  /// Where the entry stands; nil when it does not.
  func position(of entry: EntryID) throws(LedgerError) -> Int? {
    byID.bindBlob(1, entry.bits.bytes)
    defer { byID.reset() }
    return try byID.step() ? byID.integer(0) : nil
  }

  /// Whether `bytes` are the header at `position`.
  func hasHeader(_ bytes: [UInt8], at position: Int) throws(LedgerError) -> Bool {
    header.bind(1, position)
    defer { header.reset() }
    guard try header.step() else { return false }
    return header.borrowed(0).elementsEqual(bytes)
  }
}

extension UUIDBits {
  /// 16 bytes, first byte first: how ids stand in the database.
  var bytes: [UInt8] {
    withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) }
  }
}
