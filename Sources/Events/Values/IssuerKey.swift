import CanonicalJSON

/// How an issuer's key signs tokens; the names are those of JSON Web Algorithms.
///
/// Source: RFC 7518 §3.1, RFC 8037 §3.1. Never `none`, and nothing that signs with a shared secret.
package enum TokenAlgorithm: String, WordValue {
  /// RSASSA-PKCS1-v1_5 with SHA-256.
  case rs256 = "RS256"
  /// ECDSA on P-256 with SHA-256.
  case es256 = "ES256"
  /// Ed25519.
  case edDSA = "EdDSA"
}

/// A public key that somebody's tokens are signed with.
package struct IssuerKey: ObjectValue {
  /// The one algorithm that it is used with, whatever a token says.
  package let algorithm: TokenAlgorithm
  package let key: PublicKeyBytes
  /// The issuer's name for it, by which tokens name it.
  package let kid: MachineWords

  package init(algorithm: TokenAlgorithm, key: PublicKeyBytes, kid: MachineWords) {
    self.algorithm = algorithm
    self.key = key
    self.kid = kid
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    algorithm = try fields.take("algorithm")
    key = try fields.take("key")
    kid = try fields.take("kid")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("algorithm", algorithm)
    fields.put("key", key)
    fields.put("kid", kid)
  }
}

/// One member of a token and its value, compared byte for byte.
package struct TokenClaim: ObjectValue {
  package let name: MachineWords
  /// A string as it stands; a whole number or a truth value as JSON writes it.
  package let value: MachineWords

  package init(name: MachineWords, value: MachineWords) {
    self.name = name
    self.value = value
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    name = try fields.take("name")
    value = try fields.take("value")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("name", name)
    fields.put("value", value)
  }
}
