import COpenSSL

/// An Ed25519 public key (RFC 8032) that the format admits: canonical, and not of small order.
package struct PublicKey: Sendable {
  package static let rawByteCount = 32
  package static let signatureByteCount = 64

  /// 32 bytes, RFC 8032 §5.1.2.
  package let raw: [UInt8]
  /// SHA-256 of ``spki``, 32 bytes: the key's name in the ledger.
  package let keyid: [UInt8]
  private let handle: KeyHandle

  /// - Parameter raw: 32 bytes.
  /// - Throws: ``KeyError/wrongLength(byteCount:)``, ``KeyError/notCanonical``,
  ///   ``KeyError/smallOrder``. Whether they are on the curve shows when a signature is checked.
  package init(raw: [UInt8]) throws(KeyError) {
    guard raw.count == Self.rawByteCount else { throw .wrongLength(byteCount: raw.count) }
    switch Ed25519Rules.fault(ofPoint: raw) {
    case .notCanonical: throw .notCanonical
    case .smallOrder: throw .smallOrder
    case nil: break
    }
    self.raw = raw
    keyid = SHA256.hash(Self.spkiPrefix + raw)
    handle = KeyHandle(
      Libcrypto.required(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, raw, raw.count), "EVP_PKEY"))
  }

  /// - Parameter spki: The DER of its SubjectPublicKeyInfo, 44 bytes.
  /// - Throws: ``KeyError``.
  package init(spki: [UInt8]) throws(KeyError) {
    guard
      spki.count == Self.spkiPrefix.count + Self.rawByteCount, spki.starts(with: Self.spkiPrefix)
    else { throw .notAnEd25519SPKI }
    try self.init(raw: Array(spki.dropFirst(Self.spkiPrefix.count)))
  }

  /// The DER of its SubjectPublicKeyInfo, 44 bytes.
  package var spki: [UInt8] { Self.spkiPrefix + raw }

  /// SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }: RFC 8410 §4.
  private static let spkiPrefix: [UInt8] = [
    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]
}

extension PublicKey {
  /// Whether `signature` is this key's over `message`, by the format's rules: S < L, R canonical
  /// and not of small order, and R's bytes equal to those of [S]B − [k]A.
  package func isValid(signature: [UInt8], for message: [UInt8]) -> Bool {
    message.withUnsafeBytes { isValid(signature: signature, for: $0) }
  }

  package func isValid(signature: [UInt8], for message: UnsafeRawBufferPointer) -> Bool {
    guard
      signature.count == Self.signatureByteCount,
      Ed25519Rules.fault(ofPoint: signature.prefix(32)) == nil,
      Ed25519Rules.isCanonical(scalar: signature.suffix(32))
    else { return false }
    let context = Libcrypto.required(EVP_MD_CTX_new(), "EVP_MD_CTX")
    defer { EVP_MD_CTX_free(context) }
    let verdict = verify(signature, message, in: context)
    if verdict != 1 { ERR_clear_error() }
    return verdict == 1
  }

  private func verify(
    _ signature: [UInt8], _ message: UnsafeRawBufferPointer, in context: OpaquePointer
  ) -> Int32 {
    Libcrypto.check(
      EVP_DigestVerifyInit(context, nil, nil, nil, handle.pointer), "EVP_DigestVerifyInit")
    return EVP_DigestVerify(
      context, signature, signature.count,
      message.baseAddress?.assumingMemoryBound(to: UInt8.self), message.count)
  }
}

extension PublicKey: Hashable {
  package static func == (left: PublicKey, right: PublicKey) -> Bool { left.raw == right.raw }

  package func hash(into hasher: inout Hasher) { hasher.combine(raw) }
}

extension PublicKey: CustomStringConvertible {
  /// Its keyid in lower-case hexadecimal.
  package var description: String {
    keyid.map { String($0 >> 4, radix: 16) + String($0 & 0x0F, radix: 16) }.joined()
  }
}
