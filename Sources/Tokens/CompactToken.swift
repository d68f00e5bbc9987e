import CanonicalJSON
import Events

import struct Crypto.SHA256

/// A signed JSON Web Token in its compact form, taken apart and not believed.
///
///     BASE64URL(header) . BASE64URL(claims) . BASE64URL(signature)
///
/// Nothing in it counts until ``proven(by:at:)`` has held it against what an administrator pinned.
/// Source: RFC 7515 §3.1 and §7.1, RFC 7519, RFC 8725.
package struct CompactToken: Sendable {
  /// Those of the forges have about 2 KiB.
  package static let byteCountMax = 16_384

  /// `alg` as it stands, which nothing is decided by.
  package let algorithm: String
  package let kid: String?
  /// SHA-256 of the token's bytes.
  package let evidence: Digest
  /// What the signature is over: the first two parts, as they stand.
  let signed: [UInt8]
  let payload: [UInt8]
  let signature: [UInt8]

  /// - Throws: ``TokenFault``: `tooLong`, `parts`, `encoding`, `header`, `critical`, `type`.
  package init(parsing bytes: [UInt8]) throws(TokenFault) {
    guard bytes.count <= Self.byteCountMax else {
      throw .tooLong(byteCount: bytes.count)
    }
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, !parts.contains(where: \.isEmpty) else {
      throw .parts(count: parts.count)
    }
    guard let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
      let signature = Base64URL.decode(parts[2])
    else { throw .encoding }
    guard let members = PlainJSON.members(header), let algorithm = members["alg"]?.string else {
      throw .header
    }
    // What has to be understood to be safe is not understood here; `b64` is among it.
    guard members["crit"] == nil else { throw .critical }
    guard try Self.isToken(members["typ"]) else { throw .type }
    self.algorithm = algorithm
    kid = members["kid"]?.string
    evidence = Digest(bytes: Array(SHA256.hash(data: bytes)))
    signed = Array(bytes[..<(parts[2].startIndex - 1)])
    self.payload = payload
    self.signature = signature
  }

  /// A token for another purpose says so; one of an identity says `JWT` or nothing.
  private static func isToken(_ type: PlainJSON?) throws(TokenFault) -> Bool {
    guard let type else { return true }
    guard case .string(let word) = type else { throw .header }
    return word.lowercased() == "jwt"
  }

  /// Whether this key has signed it, with the key's own algorithm.
  package func isSigned(by key: IssuerKey) -> Bool {
    algorithm == key.algorithm.rawValue && key.verifies(signature, over: signed)
  }
}
