/// 32 bytes: a SHA-256, and everything that is named by one (leaves, nodes, roots, keys, bodies).
///
/// Held inline, so millions of them cost no allocation. Ordered by bytes, first byte first, which
/// is also the order of the hexadecimal text.
@frozen
@usableFromInline
package struct Digest: Hashable, Sendable {
  package static let byteCount = 32

  // The bytes in memory order: a word's value depends on the machine, its bytes do not.
  @usableFromInline var words: (UInt64, UInt64, UInt64, UInt64)

  /// - Precondition: exactly 32 bytes.
  @inlinable
  package init(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count == 32, "a digest has 32 bytes, not \(bytes.count)")
    words = (
      bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
      bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
      bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
      bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    )
  }

  /// - Precondition: exactly 32 bytes.
  package init(bytes: some Collection<UInt8>) {
    self = Array(bytes).withUnsafeBytes { Digest($0) }
  }

  /// What `write` leaves in 32 zeroed bytes; how a hash function answers without a copy.
  @inlinable
  package init(writing write: (UnsafeMutableRawBufferPointer) -> Void) {
    words = (0, 0, 0, 0)
    withUnsafeMutableBytes(of: &words) { write($0) }
  }

  /// Nil unless `hex` is 64 lower-case hexadecimal digits.
  package init?(hex: String) {
    guard let bytes = Hex.decode(hex), bytes.count == Self.byteCount else { return nil }
    self.init(bytes: bytes)
  }

  package var hex: String { withUnsafeBytes { Hex.encode($0) } }

  package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

  @inlinable
  package func withUnsafeBytes<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try Swift.withUnsafeBytes(of: words) { (bytes) throws(E) -> R in try body(bytes) }
  }

  @inlinable
  package static func == (left: Digest, right: Digest) -> Bool {
    left.words == right.words
  }

  @inlinable
  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

extension Digest: Comparable {
  @inlinable
  package static func < (left: Digest, right: Digest) -> Bool {
    (
      left.words.0.bigEndian, left.words.1.bigEndian,
      left.words.2.bigEndian, left.words.3.bigEndian
    ) < (
      right.words.0.bigEndian, right.words.1.bigEndian,
      right.words.2.bigEndian, right.words.3.bigEndian
    )
  }
}

extension Digest: CustomStringConvertible {
  @usableFromInline package var description: String { hex }
}
