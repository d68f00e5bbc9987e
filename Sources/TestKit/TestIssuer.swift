import CanonicalJSON
import Cryptography
import Events

/// An issuer of tokens as a forge is one, with an Ed25519 key of its own.
package struct TestIssuer: Sendable {
  package static let issuer = "https://token.forge.example"
  package static let audience = "stele"
  package static let kid = "key-1"

  package let key: SigningKey

  package init() { key = .generate() }

  /// Its public key, as it publishes it.
  package var keySet: String {
    """
    {"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "\(Self.kid)",
      "x": "\(Self.encoded(key.publicKey.raw))"}]}
    """
  }

  package var issuerKey: IssuerKey {
    IssuerKey(
      algorithm: .edDSA, key: PublicKeyBytes(spki: key.publicKey.spki),
      kid: MachineWords(Self.kid))
  }

  /// What a job of the repository 17 in its environment `staging` is told, five minutes long.
  ///
  /// - Parameter other: Claims in place of these, or besides; `null` leaves one out.
  package static func claims(at now: Timestamp, _ other: JSONObject = [:]) -> JSONObject {
    let seconds = now.microseconds / 1_000_000
    let claims: JSONObject = [
      "actor": "somebody-s-login", "aud": .string(audience), "exp": .integer(seconds + 300),
      "iat": .integer(seconds), "iss": .string(issuer), "jti": "token-1",
      "nbf": .integer(seconds), "repository_id": "17", "run_attempt": "1", "run_id": "4711",
      "sub": "repo:shop/web:environment:staging",
    ]
    return Self.changed(claims, other)
  }

  /// - Parameter header: What its header says besides `alg`, `kid` and `typ`, or in their place.
  package func token(_ claims: JSONObject, header other: JSONObject = [:]) throws -> String {
    let header = Self.changed(
      ["alg": "EdDSA", "kid": .string(Self.kid), "typ": "JWT"], other)
    return token(
      headerText: try JSONValue.object(header).canonicalText(),
      claimsText: try JSONValue.object(claims).canonicalText())
  }

  private static func changed(_ members: JSONObject, _ other: JSONObject) -> JSONObject {
    var members = members
    for (name, value) in other {
      members[name] = value
      if value == .null { members[name] = Optional.none }
    }
    return members
  }

  /// Signs any two texts.
  package func token(headerText: String, claimsText: String) -> String {
    let signed = Self.encoded(Array(headerText.utf8)) + "." + Self.encoded(Array(claimsText.utf8))
    return signed + "." + Self.encoded(key.sign(Array(signed.utf8)))
  }

  package static func encoded(_ bytes: [UInt8]) -> String {
    String(
      Base64.encode(bytes).compactMap { digit -> Character? in
        switch digit {
        case "+": "-"
        case "/": "_"
        case "=": nil
        default: digit
        }
      })
  }
}
