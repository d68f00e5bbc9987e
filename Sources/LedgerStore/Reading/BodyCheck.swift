import CanonicalJSON
import Cryptography
import Events

/// Compares each body that is read with the digest that its signed header states.
///
/// A ledger's file is trusted for nothing, so no body counts without it: neither in an answer nor
/// in a decision. One hash a body, without parsing either text.
struct BodyCheck {
  private let hash = SHA256.Context()

  /// In a canonical header nothing that a person wrote stands before this, so the first is the one.
  private static let field: StaticString = ",\"body\":\""
  /// `{"actor":"<36>","at":"<27>","because":[` stands before the causes, and those before it.
  private static let causesStart = 94
  private static let digitCount = 2 * Digest.byteCount

  /// - Throws: ``LedgerError/rowDamaged(position:detail:)`` when the body is not the one that was
  ///   signed, or is absent although it may never be pruned.
  func check(_ entry: EntryView) throws(LedgerError) {
    guard let body = entry.body else { return try checkAbsence(entry) }
    hash.update(EntryBody.digestPrefix)
    hash.update(body)
    let actual = Digest { hash.finish(into: $0) }
    guard let stated = Self.digits(in: entry.header), Self.isHex(stated, of: actual) else {
      let stated = Self.digits(in: entry.header).map { String(decoding: $0, as: UTF8.self) }
      throw LedgerError.rowDamaged(
        position: entry.position,
        detail: "its body has the digest \(actual.hex), its signed header \(stated ?? "none")")
    }
  }

  /// What the header says in `body`, 64 bytes; nil for a header that cannot be one.
  private static func digits(in header: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    var start = causesStart
    while start + field.utf8CodeUnitCount + digitCount <= header.count {
      if stands(at: start, in: header) {
        start += field.utf8CodeUnitCount
        return UnsafeRawBufferPointer(rebasing: header[start..<start + digitCount])
      }
      start += 1
    }
    return nil
  }

  private static func stands(at start: Int, in header: UnsafeRawBufferPointer) -> Bool {
    (0..<field.utf8CodeUnitCount).allSatisfy { header[start + $0] == field.utf8Start[$0] }
  }

  private static func isHex(_ digits: UnsafeRawBufferPointer, of digest: Digest) -> Bool {
    digest.withUnsafeBytes { bytes in
      bytes.indices.allSatisfy { index in
        digits[2 * index] == digit(bytes[index] >> 4)
          && digits[2 * index + 1] == digit(bytes[index] & 15)
      }
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  private func checkAbsence(_ entry: EntryView) throws(LedgerError) {
    let header: EntryHeader
    do { header = try EntryHeader(parsing: Array(entry.header)) } catch {
      throw LedgerError.rowDamaged(position: entry.position, detail: error.clause)
    }
    let kind = header.events.lazy.map(\.kind).first {
      KindCatalogue.rule(for: $0)?.retention == .permanent
    }
    if let kind {
      throw LedgerError.rowDamaged(
        position: entry.position, detail: "its body is missing, and \(kind) is never pruned")
    }
  }
}
