import CanonicalJSON
import Events

/// The public keys of an issuer, as it publishes them: a JSON Web Key Set (RFC 7517 §5).
package struct IssuerKeySet: Sendable, Equatable {
  /// Issuers have a handful.
  package static let keysMax = 32
  package static let byteCountMax = 262_144

  /// In the order of the file.
  package let keys: [IssuerKey]
  /// What is of no use for tokens, and why: another algorithm, or not for signatures.
  package let leftOut: [LeftOut]

  /// A key of the file that tokens cannot be checked with.
  package struct LeftOut: Hashable, Sendable {
    /// Its `kid`; nil where it has none.
    package let kid: String?
    package let reason: String
  }

  /// - Throws: ``KeySetFault``. A file with a private or a shared key is refused as a whole.
  package init(parsing bytes: [UInt8]) throws(KeySetFault) {
    guard bytes.count <= Self.byteCountMax, case .array(let listed)? = Self.keys(in: bytes) else {
      throw .notAKeySet
    }
    guard listed.count <= Self.keysMax else { throw .tooMany(listed.count) }
    var keys: [IssuerKey] = []
    var leftOut: [LeftOut] = []
    for value in listed {
      guard case .object(let members) = value else { throw .notAKeySet }
      let jwk = JSONWebKey(members: members)
      if jwk.isSecret { throw .secret(kid: jwk.kid) }
      do throws(JSONWebKey.Complaint) {
        keys.append(try jwk.issuerKey())
      } catch {
        leftOut.append(LeftOut(kid: jwk.kid, reason: error.reason))
      }
    }
    if let twice = keys.first(where: { key in keys.filter { $0.kid == key.kid }.count > 1 }) {
      throw .kidTwice("\(twice.kid)")
    }
    guard !keys.isEmpty else { throw .noKey(leftOut.map(\.reason)) }
    self.keys = keys
    self.leftOut = leftOut
  }

  /// A file may end in a line feed, and begin with blanks.
  private static func keys(in bytes: [UInt8]) -> PlainJSON? {
    let text = bytes.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    return PlainJSON.members(Array(text))?["keys"]
  }
}

/// Why nothing was read as an issuer's keys.
package enum KeySetFault: Error, Hashable, Sendable {
  case notAKeySet
  case tooMany(Int)
  /// A private key, or one that both sides share.
  case secret(kid: String?)
  case kidTwice(String)
  case noKey([String])
}

/// One member of a key set (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).
private struct JSONWebKey {
  let members: [String: PlainJSON]

  /// Why tokens cannot be checked with it.
  struct Complaint: Error {
    let reason: String
  }

  var kid: String? { members["kid"]?.string }

  /// `d` is the private part of every sort, `k` a secret that both sides have.
  var isSecret: Bool { members["d"] != nil || members["k"] != nil }

  func issuerKey() throws(Complaint) -> IssuerKey {
    guard let kid, let name = MachineWords(dataText: kid) else {
      throw Complaint(reason: "it has no kid that tokens could name it by")
    }
    if let use = members["use"], use != .string("sig") {
      throw Complaint(reason: "it is not for signatures")
    }
    let algorithm = try algorithm()
    if let stated = members["alg"], stated != .string(algorithm.rawValue) {
      throw Complaint(reason: "it is for another algorithm than \(algorithm.rawValue)")
    }
    guard let key = publicKey(for: algorithm) else {
      throw Complaint(reason: "it is no usable key for \(algorithm.rawValue)")
    }
    return IssuerKey(algorithm: algorithm, key: key, kid: name)
  }

  private func algorithm() throws(Complaint) -> TokenAlgorithm {
    switch (members["kty"]?.string, members["crv"]?.string) {
    case ("RSA", _): return .rs256
    case ("EC", "P-256"): return .es256
    case ("OKP", "Ed25519"): return .edDSA
    case (_, _):
      let known = TokenAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
      throw Complaint(reason: "it is for none of \(known)")
    }
  }

  private func publicKey(for algorithm: TokenAlgorithm) -> PublicKeyBytes? {
    switch algorithm {
    case .rs256:
      bytes("n").flatMap { modulus in
        bytes("e").flatMap { PublicKeyBytes(rsaModulus: modulus, exponent: $0) }
      }
    case .es256:
      bytes("x").flatMap { x in bytes("y").flatMap { PublicKeyBytes(p256X: x, y: $0) } }
    case .edDSA: bytes("x").flatMap(PublicKeyBytes.init(ed25519:))
    }
  }

  private func bytes(_ name: String) -> [UInt8]? {
    members[name]?.string.flatMap { Base64URL.decode($0.utf8) }
  }
}
