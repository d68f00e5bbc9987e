import CanonicalJSON
import Cryptography
import Events

/// One of the two slots of the anchor file, 1 KiB:
///
///     stele/anchor/v1\n
///     <generation, decimal>\n
///     <checkpoint, a signed note>
///     zeros up to byte 992
///     SHA-256 of bytes 0 ..< 992
///
/// A torn write spoils one slot and leaves the other.
struct AnchorSlot: Hashable {
  static let byteCount = 1_024
  private static let magic = Array("stele/anchor/v1\n".utf8)
  private static let contentCount = byteCount - SHA256.byteCount

  /// Counts the writes, from 1; the higher of two valid slots is the newer.
  let generation: Int
  /// The checkpoint as a signed note, only the log's own signature on it.
  let note: String

  init(generation: Int, note: String) {
    self.generation = generation
    self.note = note
  }

  /// Nil unless magic, generation, padding and digest are all in order.
  init?(parsing bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    guard bytes.count == Self.byteCount, bytes.starts(with: Self.magic),
      SHA256.hash(Array(bytes[..<Self.contentCount])) == Array(bytes[Self.contentCount...])
    else { return nil }
    let text = bytes[Self.magic.count..<Self.contentCount]
    let used = text[..<(text.firstIndex(of: 0) ?? text.endIndex)]
    guard text[used.endIndex...].allSatisfy({ $0 == 0 }),
      let end = used.firstIndex(of: UInt8(ascii: "\n")),
      let generation = Int(String(decoding: used[..<end], as: UTF8.self)),
      (1...Limits.integerMagnitude).contains(generation)
    else { return nil }
    self.generation = generation
    note = String(decoding: used[(end + 1)...], as: UTF8.self)
  }

  /// Where it stands in the file: odd generations second, even ones first.
  var place: Int { generation % 2 * Self.byteCount }

  /// The valid ones of the file's two, newest first.
  static func all(in bytes: [UInt8]) -> [AnchorSlot] {
    [bytes.prefix(byteCount), bytes.dropFirst(byteCount)]
      .compactMap { AnchorSlot(parsing: $0) }.sorted { $0.generation > $1.generation }
  }

  /// - Precondition: the note fits; a checkpoint with the longest origin has 680 bytes.
  var bytes: [UInt8] {
    var bytes = Self.magic + Array("\(generation)\n".utf8) + Array(note.utf8)
    precondition(bytes.count <= Self.contentCount, "a note of \(note.utf8.count) bytes")
    bytes += repeatElement(0, count: Self.contentCount - bytes.count)
    return bytes + SHA256.hash(bytes)
  }
}
