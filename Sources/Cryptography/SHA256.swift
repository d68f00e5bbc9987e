import COpenSSL

/// SHA-256 (FIPS 180-4) through libcrypto.
package enum SHA256 {
  package static let byteCount = 32

  /// 32 bytes.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { hash($0) }
  }

  /// 32 bytes.
  package static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
      hash(bytes, into: UnsafeMutableRawBufferPointer(digest))
      count = byteCount
    }
  }

  /// - Precondition: `digest` has 32 bytes.
  package static func hash(
    _ bytes: UnsafeRawBufferPointer, into digest: UnsafeMutableRawBufferPointer
  ) {
    precondition(digest.count == byteCount, "a digest has 32 bytes, not \(digest.count)")
    Libcrypto.check(
      EVP_Digest(
        bytes.baseAddress, bytes.count, digest.baseAddress?.assumingMemoryBound(to: UInt8.self),
        nil, Libcrypto.sha256, nil), "EVP_Digest")
  }
}

extension SHA256 {
  /// A hash that takes its input in pieces, and then again for the next: fastest for many small
  /// inputs. Belongs to one thread.
  package final class Context {
    private let context = Libcrypto.required(EVP_MD_CTX_new(), "EVP_MD_CTX")

    /// Ready for the first piece.
    package init() { begin() }

    deinit { EVP_MD_CTX_free(context) }

    /// Forgets what it has been given.
    package func begin() {
      Libcrypto.check(
        EVP_DigestInit_ex2(context, Libcrypto.sha256, nil), "EVP_DigestInit_ex2")
    }

    package func update(_ bytes: UnsafeRawBufferPointer) {
      Libcrypto.check(
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count), "EVP_DigestUpdate")
    }

    package func update(_ bytes: [UInt8]) {
      bytes.withUnsafeBytes { update($0) }
    }

    /// Writes the hash of everything since ``begin()`` and begins again.
    ///
    /// - Precondition: `digest` has 32 bytes.
    package func finish(into digest: UnsafeMutableRawBufferPointer) {
      precondition(digest.count == byteCount, "a digest has 32 bytes, not \(digest.count)")
      Libcrypto.check(
        EVP_DigestFinal_ex(
          context, digest.baseAddress?.assumingMemoryBound(to: UInt8.self), nil),
        "EVP_DigestFinal_ex")
      begin()
    }

    /// The hash of everything since ``begin()``, 32 bytes; begins again.
    package func finish() -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
        finish(into: UnsafeMutableRawBufferPointer(digest))
        count = byteCount
      }
    }
  }
}
