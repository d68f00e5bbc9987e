import CanonicalJSON
import Crypto
import CryptoExtras
import Events
import TestKit
import Testing

@testable import Tokens

/// What of an issuer's file becomes a key.
@Suite struct KeySetTests {
  private let ed25519 = TestIssuer.encoded(
    Array(Curve25519.Signing.PrivateKey().publicKey.rawRepresentation))

  private func set(_ keys: String...) throws(KeySetFault) -> IssuerKeySet {
    try IssuerKeySet(parsing: Array("\n{\"keys\": [\(keys.joined(separator: ","))]}\n".utf8))
  }

  private func okp(_ other: String = "") -> String {
    #"{"kty":"OKP","crv":"Ed25519","kid":"one","x":"\#(ed25519)"\#(other)}"#
  }

  @Test func `a key is kept with the algorithm of its sort`() throws {
    let keys = try set(okp(#","use":"sig","alg":"EdDSA""#)).keys

    #expect(keys.map(\.kid) == ["one"])
    #expect(keys.map(\.algorithm) == [.edDSA])
    #expect(keys.first?.key.spki.count == 44)
  }

  @Test(arguments: [
    (#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#, "it has no kid that tokens could name it by"),
    (#"{"kty":"RSA","kid":"r","use":"enc","n":"AA","e":"AQAB"}"#, "it is not for signatures"),
    (
      #"{"kty":"RSA","kid":"r","alg":"PS256","n":"AA","e":"AQAB"}"#,
      "it is for another algorithm than RS256"
    ),
    (#"{"kty":"RSA","kid":"r","n":"AQAB","e":"AQAB"}"#, "it is no usable key for RS256"),
    (
      #"{"kty":"EC","kid":"e","crv":"P-256","x":"AAAA","y":"AAAA"}"#,
      "it is no usable key for ES256"
    ),
    (#"{"kty":"OKP","kid":"o","crv":"Ed25519","x":"A-=="}"#, "it is no usable key for EdDSA"),
    (#"{"kty":"EC","kid":"e","crv":"P-384"}"#, "it is for none of RS256, ES256, EdDSA"),
  ])
  func `what tokens cannot be checked with is left out, and said`(
    key: String, reason: String
  ) throws {
    let set = try set(okp(), key)

    #expect(set.keys.count == 1)
    #expect(set.leftOut.map(\.reason) == [reason])
    #expect(throws: KeySetFault.noKey([reason])) { try self.set(key) }
  }

  @Test func `an RSA key of fewer than 2048 bits is of no use`() throws {
    let weak = try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1_024)).publicKey
    let primitives = try weak.getKeyPrimitives()
    let n = TestIssuer.encoded(Array(primitives.modulus))
    let set = try set(okp(), #"{"kty":"RSA","kid":"weak","n":"\#(n)","e":"AQAB"}"#)

    #expect(set.leftOut.map(\.kid) == ["weak"])
  }

  @Test func `a file with a secret in it is refused as a whole`() {
    #expect(throws: KeySetFault.secret(kid: "one")) { try set(okp(#","d":"AAAA""#)) }
    #expect(throws: KeySetFault.secret(kid: nil)) { try set(okp(), #"{"kty":"oct","k":"AAAA"}"#) }
  }

  @Test func `two keys of one kid are refused, and what is no key set`() {
    #expect(throws: KeySetFault.kidTwice("one")) { try set(okp(), okp()) }
    #expect(throws: KeySetFault.notAKeySet) { try IssuerKeySet(parsing: Array("[]".utf8)) }
    #expect(throws: KeySetFault.notAKeySet) { try IssuerKeySet(parsing: Array("{}".utf8)) }
    #expect(throws: KeySetFault.notAKeySet) { try set("1") }
    #expect(throws: KeySetFault.tooMany(33)) {
      try IssuerKeySet(
        parsing: Array(
          "{\"keys\":[\([String](repeating: "{}", count: 33).joined(separator: ","))]}".utf8))
    }
    #expect(throws: KeySetFault.noKey([])) { try set() }
  }
}
