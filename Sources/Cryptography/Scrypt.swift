import COpenSSL

/// scrypt (RFC 7914) through libcrypto: makes guessing a passphrase cost memory and time.
package enum Scrypt {
  /// What one derivation costs: `blocks` × 128 × `cost` bytes of memory, `lanes` times one after
  /// the other.
  package struct Work: Hashable, Sendable {
    /// N, a power of two above 1.
    package let cost: UInt64
    /// r.
    package let blocks: UInt64
    /// p.
    package let lanes: UInt64

    package init(cost: UInt64, blocks: UInt64, lanes: UInt64) {
      self.cost = cost
      self.blocks = blocks
      self.lanes = lanes
    }

    /// 64 MiB, twice, about 0.4 s: as hard to guess against as 2¹⁷, 8, 1 by OWASP's table, in half
    /// its memory, since no command takes more than 150 MB.
    ///
    /// Source: OWASP Password Storage Cheat Sheet, section scrypt.
    package static let passphrase = Work(cost: 1 << 16, blocks: 8, lanes: 2)

    /// A bound for libcrypto, which refuses more than 32 MiB unless it is told.
    fileprivate var memoryBytesMax: UInt64 { 128 * blocks * (cost + lanes + 2) }
  }

  /// - Parameters:
  ///   - count: Bytes to derive.
  /// - Precondition: `work` is one that RFC 7914 §2 allows, and there is memory for it.
  package static func derive(
    _ count: Int, from passphrase: [UInt8], salt: [UInt8], work: Work
  ) -> [UInt8] {
    var key = [UInt8](repeating: 0, count: count)
    let status = passphrase.withUnsafeBytes { bytes in
      // A null passphrase would mean "check the numbers only"; an empty one may have no address.
      let first = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      return withUnsafePointer(to: 0 as CChar) { empty in
        EVP_PBE_scrypt(
          first ?? empty, bytes.count, salt, salt.count, work.cost, work.blocks, work.lanes,
          work.memoryBytesMax, &key, count)
      }
    }
    Libcrypto.check(status, "EVP_PBE_scrypt")
    return key
  }
}
