import COpenSSL

/// The algorithms, fetched once: an implicit fetch costs more than a small hash does.
enum Libcrypto {
  // Immutable after the fetch and shared between threads by libcrypto; never freed, since it lives
  // as long as the process.
  nonisolated(unsafe) static let sha256 = required(EVP_MD_fetch(nil, "SHA256", nil), "SHA-256")
  // Immutable and shared by libcrypto, as above.
  nonisolated(unsafe) static let hmac = required(EVP_MAC_fetch(nil, "HMAC", nil), "HMAC")
  // Immutable and shared by libcrypto, as above.
  nonisolated(unsafe) static let aes256GCM = required(
    EVP_CIPHER_fetch(nil, "AES-256-GCM", nil), "AES-256-GCM")

  /// - Precondition: libcrypto has what was asked for; it lacks it only where it is broken or out
  ///   of memory, and then nothing can be signed or checked.
  static func required(_ pointer: OpaquePointer?, _ name: StaticString) -> OpaquePointer {
    guard let pointer else { preconditionFailure("libcrypto gave no \(name)") }
    return pointer
  }

  /// - Precondition: The call succeeded; it fails only on a bug of ours or without memory.
  static func check(_ status: Int32, _ call: StaticString) {
    precondition(status == 1, "libcrypto refused \(call)")
  }
}
