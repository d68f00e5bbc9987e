import COpenSSL

/// An Ed25519 private key. It is never printed: only ``pem`` gives it away, and only on purpose.
package struct SigningKey: Sendable {
  package static let seedByteCount = 32

  package let publicKey: PublicKey
  private let handle: KeyHandle

  /// - Parameter seed: The 32 bytes of RFC 8032 §5.1.5.
  /// - Throws: ``KeyError/wrongLength(byteCount:)``.
  package init(seed: [UInt8]) throws(KeyError) {
    guard seed.count == Self.seedByteCount else { throw .wrongLength(byteCount: seed.count) }
    try self.init(
      owning: Libcrypto.required(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count), "EVP_PKEY"))
  }

  /// - Parameter pem: One unencrypted private key, as `openssl genpkey -algorithm ed25519` and
  ///   ``pem`` write it (PKCS#8, RFC 8410 §7).
  /// - Throws: ``KeyError/notAPrivateKeyPEM``, ``KeyError/notEd25519``.
  package init(pem: String) throws(KeyError) {
    try self.init(pem: Array(pem.utf8))
  }

  init(pem: [UInt8]) throws(KeyError) {
    guard let pointer = Self.readPEM(pem) else { throw .notAPrivateKeyPEM }
    try self.init(owning: pointer)
  }

  /// A new key from libcrypto's generator.
  package static func generate() -> SigningKey {
    let pointer = Libcrypto.required(cossl_generate_ed25519(), "Ed25519 key")
    do { return try SigningKey(owning: pointer) } catch {
      preconditionFailure("libcrypto made an unusable key: \(error)")
    }
  }

  private init(owning pointer: OpaquePointer) throws(KeyError) {
    handle = KeyHandle(pointer)
    guard EVP_PKEY_get_id(pointer) == EVP_PKEY_ED25519 else { throw .notEd25519 }
    var raw = [UInt8](repeating: 0, count: PublicKey.rawByteCount)
    var count = raw.count
    Libcrypto.check(
      EVP_PKEY_get_raw_public_key(pointer, &raw, &count), "EVP_PKEY_get_raw_public_key")
    publicKey = try PublicKey(raw: raw)
  }
}

extension SigningKey {
  /// 64 bytes; the same every time for the same message.
  package func sign(_ message: [UInt8]) -> [UInt8] {
    let context = Libcrypto.required(EVP_MD_CTX_new(), "EVP_MD_CTX")
    defer { EVP_MD_CTX_free(context) }
    Libcrypto.check(
      EVP_DigestSignInit(context, nil, nil, nil, handle.pointer), "EVP_DigestSignInit")
    var signature = [UInt8](repeating: 0, count: PublicKey.signatureByteCount)
    var count = signature.count
    Libcrypto.check(
      EVP_DigestSign(context, &signature, &count, message, message.count), "EVP_DigestSign")
    return signature
  }

  /// The private key as PKCS#8 PEM, unencrypted. A secret.
  package var pem: String {
    let bio = Libcrypto.required(BIO_new(BIO_s_secmem()), "BIO")
    defer { BIO_free(bio) }
    Libcrypto.check(
      PEM_write_bio_PKCS8PrivateKey(bio, handle.pointer, nil, nil, 0, nil, nil),
      "PEM_write_bio_PKCS8PrivateKey")
    var bytes: UnsafeMutablePointer<CChar>?
    let count = cossl_bio_bytes(bio, &bytes)
    return String(
      decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  private static func readPEM(_ pem: [UInt8]) -> OpaquePointer? {
    pem.withUnsafeBytes { pem in
      let bio = Libcrypto.required(BIO_new_mem_buf(pem.baseAddress, Int32(pem.count)), "BIO")
      defer { BIO_free(bio) }
      // Without a callback libcrypto would ask the terminal for a passphrase.
      let key = PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
      if key == nil { ERR_clear_error() }
      return key
    }
  }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
  /// Names the public key only.
  package var description: String { "private key of \(publicKey)" }

  package var customMirror: Mirror { Mirror(self, children: []) }
}
