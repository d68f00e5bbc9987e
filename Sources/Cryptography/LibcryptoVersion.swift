import COpenSSL

/// The libcrypto that is running, which need not be the one this was built with.
package enum LibcryptoVersion {
  /// `OpenSSL 3.0.17 1 Jul 2025`.
  package static var text: String { String(cString: OpenSSL_version(OPENSSL_VERSION)) }
  package static var major: Int { Int(OPENSSL_version_major()) }
  /// Algorithms are fetched once, which came with this one.
  package static let oldestMajor = 3
}
