import COpenSSL

/// Where chance comes in: salts, nonces, identifiers, keys. A test's is fixed.
package protocol RandomSource: Sendable {
  /// `count` bytes that nobody can foretell.
  func bytes(_ count: Int) -> [UInt8]
}

/// libcrypto's generator for private values, seeded by the operating system.
package struct SystemRandom: RandomSource {
  package init() {}

  package func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    Libcrypto.check(RAND_priv_bytes(&bytes, Int32(count)), "RAND_priv_bytes")
    return bytes
  }
}
