import CanonicalJSON

import enum Crypto.Curve25519

/// An Ed25519 public key that passed FORMAT.md's rules, ready to check signatures.
struct VerificationKey: Sendable {
  let keyid: Digest
  /// 32 bytes.
  let raw: [UInt8]
  private let key: Curve25519.Signing.PublicKey

  /// What precedes the 32 bytes of an Ed25519 key in its SPKI DER (RFC 8410 §4).
  static let spkiPrefix: [UInt8] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]

  /// Nil unless `raw` is a key that FORMAT.md lets anyone use.
  init?(raw: [UInt8]) {
    guard Ed25519Rules.isUsable(key: raw),
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw)
    else { return nil }
    keyid = Hashing.sha256(VerificationKey.spkiPrefix + raw)
    self.raw = raw
    self.key = key
  }

  /// Whether `signature` is one of this key over `message`.
  func verifies(_ signature: UnsafeRawBufferPointer, _ message: UnsafeRawBufferPointer) -> Bool {
    Ed25519Rules.isUsable(signature: signature) && key.isValidSignature(signature, for: message)
  }

  func verifies(_ signature: [UInt8], _ message: [UInt8]) -> Bool {
    signature.withUnsafeBytes { signature in
      message.withUnsafeBytes { verifies(signature, $0) }
    }
  }
}
