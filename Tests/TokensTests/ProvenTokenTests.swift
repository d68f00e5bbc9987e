import CanonicalJSON
import Crypto
import Events
import TestKit
import Testing

@testable import Tokens

/// Which tokens count, and why the others do not.
@Suite struct ProvenTokenTests {
  let issuer = TestIssuer()
  let now: Timestamp

  init() throws { now = try Timestamp(parsing: TemporaryLedger.start) }

  private var trusted: [TrustedIssuer] {
    [
      TrustedIssuer(issuer: "https://other.example", audience: "stele", keys: [issuer.issuerKey]),
      TrustedIssuer(
        issuer: MachineWords(TestIssuer.issuer), audience: "stele", keys: [issuer.issuerKey]),
    ]
  }

  private func prove(_ token: String, at moment: Timestamp? = nil) throws -> ProvenToken {
    try CompactToken(parsing: Array(token.utf8)).proven(by: trusted, at: moment ?? now)
  }

  /// The token that is told with other claims or another header.
  private func proving(
    _ claims: JSONObject = [:], header: JSONObject = [:]
  ) throws -> ProvenToken {
    try prove(issuer.token(TestIssuer.claims(at: now, claims), header: header))
  }

  @Test func `a token that says all that it must is proven, with its claims`() throws {
    let token = try issuer.token(TestIssuer.claims(at: now, ["ref_protected": true, "n": 3]))
    let proven = try prove(token)

    #expect(proven.issuer.text == TestIssuer.issuer)
    #expect(proven.audience == "stele")
    #expect(proven.kid == "key-1")
    #expect(proven.jti == "token-1")
    #expect(proven.issued == now)
    #expect(proven.expires == now.adding(milliseconds: 300_000))
    #expect(proven.claims["sub"] == "repo:shop/web:environment:staging")
    #expect(proven.claims["ref_protected"] == "true")
    #expect(proven.claims["n"] == "3")
    #expect(proven.evidence.bytes == Array(Crypto.SHA256.hash(data: Array(token.utf8))))
  }

  @Test func `an audience may stand alone in a list`() throws {
    #expect(try proving(["aud": ["stele"]]).audience == "stele")
  }

  @Test(
    arguments: [
      (["iss": "https://token.forge.example/"], .issuer),
      (["iss": "https://evil.example"], .issuer),
      (["iss": .null], .claim("iss")), (["iss": ["https://token.forge.example"]], .claim("iss")),
      (["aud": "Stele"], .audience), (["aud": ["stele", "other"]], .audience),
      (["aud": []], .audience),
      (["aud": .null], .audience), (["aud": 1], .audience),
      (["sub": .null], .claim("sub")), (["sub": ""], .claim("sub")), (["sub": 1], .claim("sub")),
      (["exp": .null], .claim("exp")), (["exp": "1798761900"], .claim("exp")),
      (["exp": -1], .claim("exp")), (["iat": .null], .claim("iat")), (["nbf": "x"], .claim("nbf")),
      (["jti": 1], .claim("jti")), (["jti": ""], .claim("jti")),
    ] as [(JSONObject, TokenFault)])
  func `a claim that is missing or another is refused`(
    claims: JSONObject, fault: TokenFault
  ) throws {
    #expect(throws: fault) { try proving(claims) }
  }

  @Test(
    arguments: [
      (["kid": "key-2"], .kid), (["kid": .null], .kid), (["kid": 1], .kid),
      (["alg": "RS256"], .algorithm), (["alg": "HS256"], .algorithm), (["alg": "none"], .algorithm),
      (["alg": "eddsa"], .algorithm), (["alg": .null], .header), (["alg": 1], .header),
      (["crit": ["b64"]], .critical), (["crit": []], .critical), (["typ": "at+jwt"], .type),
      (["typ": 1], .header),
    ] as [(JSONObject, TokenFault)])
  func `a header that asks for something else is refused`(
    header: JSONObject, fault: TokenFault
  ) throws {
    #expect(throws: fault) { try proving(header: header) }
  }

  @Test func `a type may be left out, or be written in small letters`() throws {
    #expect(try proving(header: ["typ": .null]).kid == "key-1")
    #expect(try proving(header: ["typ": "jwt"]).kid == "key-1")
  }

  @Test func `a key that everybody has is no shared secret`() throws {
    let claims = try JSONValue.object(TestIssuer.claims(at: now)).canonicalText()
    let signed =
      TestIssuer.encoded(Array(#"{"alg":"HS256","kid":"key-1"}"#.utf8)) + "."
      + TestIssuer.encoded(Array(claims.utf8))
    let key = issuer.issuerKey.key.spki
    for secret in [key, key.suffix(32)] {
      let mac = HMAC<SHA256>.authenticationCode(
        for: Array(signed.utf8), using: SymmetricKey(data: secret))
      #expect(throws: TokenFault.algorithm) {
        try prove(signed + "." + TestIssuer.encoded(Array(mac)))
      }
    }
  }

  @Test func `another's signature, and claims that were changed, are refused`() throws {
    let parts = try issuer.token(TestIssuer.claims(at: now)).split(separator: ".")
    let other = try issuer.token(TestIssuer.claims(at: now, ["repository_id": "18"]))
      .split(separator: ".")

    #expect(throws: TokenFault.signature) { try prove("\(parts[0]).\(other[1]).\(parts[2])") }
    #expect(throws: TokenFault.signature) {
      try prove(TestIssuer().token(TestIssuer.claims(at: now)))
    }
  }

  @Test func `it counts from its beginning to its end, and a minute around`() throws {
    let token = try issuer.token(TestIssuer.claims(at: now))
    let end = now.adding(milliseconds: 300_000)

    #expect(try prove(token, at: end.adding(milliseconds: 59_999)).jti == "token-1")
    #expect(try prove(token, at: now.adding(milliseconds: -60_000)).jti == "token-1")
    let late = end.adding(milliseconds: 60_000)
    #expect(throws: TokenFault.expired(end, now: late)) { try prove(token, at: late) }
    let early = now.adding(milliseconds: -60_001)
    #expect(throws: TokenFault.early(now, now: early)) { try prove(token, at: early) }
  }

  @Test func `what begins later than it was issued counts from then on`() throws {
    let seconds = now.microseconds / 1_000_000
    #expect(
      throws: TokenFault.early(now.adding(milliseconds: 61_000), now: now)
    ) { try proving(["nbf": .integer(seconds + 61)]) }
    #expect(try proving(["nbf": .null]).jti == "token-1")
  }

  @Test func `no token counts for more than a day`() throws {
    let seconds = now.microseconds / 1_000_000
    #expect(try proving(["exp": .integer(seconds + 86_400)]).jti == "token-1")
    #expect(throws: TokenFault.lifetime) { try proving(["exp": .integer(seconds + 86_401)]) }
    #expect(throws: TokenFault.claim("exp")) { try proving(["exp": .integer(253_402_300_800)]) }
  }

  @Test func `a claim that stands twice is refused though it is signed`() throws {
    let claims = try JSONValue.object(TestIssuer.claims(at: now)).canonicalText()
    let token = issuer.token(
      headerText: #"{"alg":"EdDSA","kid":"key-1"}"#,
      claimsText: claims.dropLast() + #","sub":"repo:evil"}"#)

    #expect(throws: TokenFault.claims) { try prove(token) }
    #expect(throws: TokenFault.header) {
      try prove(issuer.token(headerText: #"{"alg":"none","alg":"EdDSA"}"#, claimsText: "{}"))
    }
  }

  @Test(arguments: [
    ("", TokenFault.parts(count: 1)), ("a.b", .parts(count: 2)), ("a.b.c.d", .parts(count: 4)),
    ("e30.e30.", .parts(count: 3)), (".e30.e30", .parts(count: 3)), ("a.b.c", .encoding),
    ("e30=.e30.e30", .encoding), ("e30.e30.e30", .header), ("W10.e30.e30", .header),
    (" e30.e30.e30", .encoding), ("e30.e30.e30\n", .encoding),
    (String(repeating: "a", count: 16_385), .tooLong(byteCount: 16_385)),
  ])
  func `what is no token is refused before anything is decided by it`(
    text: String, fault: TokenFault
  ) {
    #expect(throws: fault) { try CompactToken(parsing: Array(text.utf8)) }
    #expect(fault.isMalformed)
  }
}
