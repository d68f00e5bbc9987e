import CanonicalJSON
import Foundation

/// The `anchor` beside the database: two slots of 1 KiB, of which the highest valid generation
/// wins.
///
///     stele/anchor/v1\n  <generation, decimal>\n  <signed note>  zeros to byte 992  SHA-256 of
/// these
enum AnchorFile {
  static let slotBytes = 1024
  private static let contentBytes = slotBytes - Digest.byteCount
  private static let magic = Array("stele/anchor/v1\n".utf8)

  /// The newest valid slot of the file at `path`.
  static func read(_ path: String) -> AnchorState {
    guard let data = FileManager.default.contents(atPath: path) else {
      return .invalid(reason: "\(path) cannot be read")
    }
    return parse(Array(data))
  }

  static func parse(_ bytes: [UInt8]) -> AnchorState {
    let slots = stride(from: 0, to: min(bytes.count, 2 * slotBytes), by: slotBytes)
    let newest = slots.compactMap { slot(bytes[$0..<min($0 + slotBytes, bytes.count)]) }
      .max { $0.generation < $1.generation }
    return newest.map { .note($0.note) } ?? .invalid(reason: "neither of its slots is valid")
  }

  private static func slot(_ bytes: ArraySlice<UInt8>) -> (generation: Int, note: String)? {
    guard bytes.count == slotBytes, bytes.starts(with: magic) else { return nil }
    let content = bytes.prefix(contentBytes)
    guard Hashing.sha256(Array(content)) == Digest(bytes: bytes.suffix(Digest.byteCount)) else {
      return nil
    }
    let text = content.dropFirst(magic.count)
    let used = text.prefix { $0 != 0 }
    guard text.dropFirst(used.count).allSatisfy({ $0 == 0 }),
      let lineFeed = used.firstIndex(of: UInt8(ascii: "\n")),
      let generation = Int(String(decoding: used[..<lineFeed], as: UTF8.self)), generation > 0
    else { return nil }
    return (generation, String(decoding: used[(lineFeed + 1)...], as: UTF8.self))
  }
}
