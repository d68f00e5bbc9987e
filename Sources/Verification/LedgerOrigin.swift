/// A ledger's name, its UUIDv4 and which incarnation of it this is: `tamma/d6e7…/1`.
package struct LedgerOrigin: Hashable, Sendable {
  /// Name and UUID, what all incarnations share.
  let stem: String
  /// From 1.
  let incarnation: Int

  init(stem: String, incarnation: Int) {
    self.stem = stem
    self.incarnation = incarnation
  }

  /// At most 255 bytes, name `[A-Za-z0-9._-]+`; nil otherwise.
  package init?(parsing text: String) {
    var text = text
    let parsed = text.withUTF8 { LedgerOrigin(bytes: UnsafeRawBufferPointer($0)) }
    guard let parsed else { return nil }
    self = parsed
  }

  init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count <= 255, let slash = bytes.firstIndex(of: UInt8(ascii: "/")), slash > 0,
      bytes[..<slash].allSatisfy(LedgerOrigin.isNameByte)
    else { return nil }
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[(slash + 1)...]))
    guard (try? reader.uuid(version: 4)) != nil, reader.take("/"),
      let incarnation = try? reader.count(from: 1), reader.isAtEnd
    else { return nil }
    self.init(
      stem: String(decoding: bytes[..<(slash + 37)], as: UTF8.self), incarnation: incarnation)
  }

  /// The origin after a restore that lost entries.
  var successor: LedgerOrigin { LedgerOrigin(stem: stem, incarnation: incarnation + 1) }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    NameForm.isLower(byte) || NameForm.isUpper(byte) || NameForm.isDigit(byte)
      || NameForm.isPunctuation(byte)
  }
}

extension LedgerOrigin: CustomStringConvertible {
  package var description: String { "\(stem)/\(incarnation)" }
}
