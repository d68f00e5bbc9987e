import CanonicalJSON

/// The four bytes by which a note's signature says which key made it; a hint, never a proof.
enum NoteKeyID {
  static func bytes(_ keyID: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: keyID >> (24 - 8 * $0)) }
  }

  /// - Precondition: At least four bytes; the first four count.
  static func value(of bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Eight digits.
  static func hex(_ keyID: UInt32) -> String { Hex.encode(bytes(keyID)) }
}
