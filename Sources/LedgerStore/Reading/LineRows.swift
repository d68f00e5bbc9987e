import CanonicalJSON
import Events

/// Lines, rebuilt from header, signatures and time.
final class LineRows {
  private let select: Statement
  private let time: Statement

  init(_ connection: Connection) throws(LedgerError) {
    time = try Statement("SELECT recorded FROM entry WHERE position = ?", on: connection)
    select = try Statement(
      "SELECT header, signatures, recorded FROM entry WHERE position = ?", on: connection)
  }

  func line(at position: Int) throws(LedgerError) -> EntryLine {
    select.bind(1, position)
    defer { select.reset() }
    guard try select.step() else {
      throw LedgerError.rowDamaged(position: position, detail: "it is missing")
    }
    return EntryLine(
      header: select.bytes(0),
      signatures: try [EntrySignature](packed: select.borrowed(1), at: position),
      recorded: try select.time(2, at: position))
  }
}

extension LineRows {
  func recorded(at position: Int) throws(LedgerError) -> Timestamp {
    time.bind(1, position)
    defer { time.reset() }
    guard try time.step() else {
      throw LedgerError.rowDamaged(position: position, detail: "it is missing")
    }
    return try time.time(0, at: position)
  }
}

extension [EntrySignature] {
  static var packedByteCount: Int { Digest.byteCount + EntryLine.signatureBytes }

  /// From keyid ‖ signature of each, as they stand in the database.
  ///
  /// - Parameter position: For the message.
  init(packed bytes: UnsafeRawBufferPointer, at position: Int) throws(LedgerError) {
    let count = Self.packedByteCount
    self = (0..<bytes.count / count).map { index in
      let one = UnsafeRawBufferPointer(rebasing: bytes[index * count..<(index + 1) * count])
      let keyid = UnsafeRawBufferPointer(rebasing: one.prefix(Digest.byteCount))
      return EntrySignature(
        keyid: Digest(keyid), signature: [UInt8](one.dropFirst(Digest.byteCount)))
    }
    guard bytes.count.isMultiple(of: count), EntryLine.areInOrder(self) else {
      throw LedgerError.rowDamaged(
        position: position, detail: "its signatures are not 1 to 8 by different keys")
    }
  }
}
