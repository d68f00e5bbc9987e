/// A witness's word that it saw a checkpoint at a time, and none that contradicts it.
///
/// Source: c2sp.org/tlog-cosignature v1.0.1, cosignature/v1.
package struct Cosignature: Hashable, Sendable {
  /// Seconds since 1970, from 0.
  package let time: Int64
  /// 64 bytes of Ed25519.
  package let signature: [UInt8]

  /// - Parameters:
  ///   - text: The checkpoint's, to its last line feed.
  ///   - time: Seconds since 1970, from 0.
  ///   - sign: Signs with the witness's private key.
  package init(on text: String, at time: Int64, signing sign: ([UInt8]) -> [UInt8]) {
    precondition(time >= 0, "a cosignature's time is not before 1970: \(time)")
    self.time = time
    signature = sign(Cosignature.message(on: text, at: time))
  }

  /// Reads ``blob``; nil unless it has 72 bytes and a time that fits.
  package init?(blob: [UInt8]) {
    guard blob.count == 72 else { return nil }
    let time = blob.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let time = Int64(exactly: time) else { return nil }
    self.time = time
    signature = Array(blob.dropFirst(8))
  }

  /// The time in eight bytes, big endian, and the signature.
  package var blob: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: time >> (56 - 8 * $0)) } + signature
  }

  /// The signed bytes.
  package func message(on text: String) -> [UInt8] { Cosignature.message(on: text, at: time) }

  /// As a line of a note.
  ///
  /// - Precondition: `key` is the witness's, of algorithm ``VerifierKey/Algorithm/cosignature``.
  package func noteSignature(by key: VerifierKey) -> NoteSignature {
    precondition(key.algorithm == .cosignature, "'\(key.name)' does not cosign")
    return NoteSignature(name: key.name, keyID: key.keyID, blob: blob)
  }

  private static func message(on text: String, at time: Int64) -> [UInt8] {
    Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
  }
}
