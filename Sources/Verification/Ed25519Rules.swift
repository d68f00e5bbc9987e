/// FORMAT.md's rules about Ed25519 keys and signatures, checked before any library is called:
/// y < p, x ≠ 0 when the sign bit is set, [8]A ≠ 0, [8]R ≠ 0, S < L.
///
/// Libraries disagree about these edges, and a ledger must not verify with one and fail with
/// another. The equation itself is cofactorless on R's bytes, which BoringSSL's is.
enum Ed25519Rules {
  /// Whether 32 bytes may be registered as a key.
  static func isUsable(key: [UInt8]) -> Bool {
    guard key.count == 32, let point = CurvePoint(decoding: key) else { return false }
    return !point.isOfSmallOrder
  }

  /// Whether a signature's 64 bytes may be given to a library.
  static func isUsable(signature: UnsafeRawBufferPointer) -> Bool {
    signature.count == 64 && isBelowOrder(signature) && !isOfSmallOrder(signature)
  }

  /// S < L = 2^252 + 27742317777372353535851937790883648493; bytes 32 to 63, least first.
  private static func isBelowOrder(_ signature: UnsafeRawBufferPointer) -> Bool {
    let high = signature.loadUnaligned(fromByteOffset: 56, as: UInt64.self).littleEndian
    // Nearly every S decides here; only one in 2^124 goes on.
    if high < 0x1000_0000_0000_0000 { return true }
    let s = [
      high, signature.loadUnaligned(fromByteOffset: 48, as: UInt64.self).littleEndian,
      signature.loadUnaligned(fromByteOffset: 40, as: UInt64.self).littleEndian,
      signature.loadUnaligned(fromByteOffset: 32, as: UInt64.self).littleEndian,
    ]
    return s.lexicographicallyPrecedes(order)
  }

  /// L, most significant word first.
  private static let order: [UInt64] = [
    0x1000_0000_0000_0000, 0, 0x14de_f9de_a2f7_9cd6, 0x5812_631a_5cf5_d3ed,
  ]

  /// Whether R encodes one of the eight points of small order.
  ///
  /// Their y are 0, 1, −1 and ±(the y of a point of order 8), whatever the sign of x; spellings of
  /// y that are not below p never equal the encoding that the equation is compared with.
  private static func isOfSmallOrder(_ signature: UnsafeRawBufferPointer) -> Bool {
    let first = signature.loadUnaligned(as: UInt64.self).littleEndian
    guard smallOrderStarts.contains(first) else { return false }
    var encoded = [UInt8](signature[0..<32])
    encoded[31] &= 0x7f
    return CurvePoint(decoding: encoded)?.isOfSmallOrder ?? true
  }

  /// The first eight bytes of those five y, as a little-endian word: a filter before the
  /// arithmetic.
  private static let smallOrderStarts: [UInt64] = [
    0, 1, 0xffff_ffff_ffff_ffec, 0x4fd8_4d3d_706a_17c7, 0xb027_b2c2_8f95_e826,
  ]
}
