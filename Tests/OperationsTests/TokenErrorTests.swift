import Access
import Events
import TestKit
import Testing
import Tokens

@testable import Operations

/// Why a token proves nobody is said with a next step.
@Suite struct TokenErrorTests {
  private static let time: Timestamp = .earliest
  private static let actor = ActorID.make(at: time, random: [UInt8](repeating: 1, count: 10))
  private static let other = ActorID.make(at: time, random: [UInt8](repeating: 2, count: 10))

  static let faults: [(fault: TokenFault, words: String)] = [
    (.tooLong(byteCount: 17_000), "17000 bytes"), (.parts(count: 2), "2 parts"),
    (.encoding, "base64url"), (.header, "header"), (.critical, "`crit`"), (.type, "JWT"),
    (.claims, "each member once"), (.claim("sub"), "`sub`"), (.issuer, "access issuer list"),
    (.kid, "access issuer add"), (.algorithm, "another algorithm"), (.signature, "not signed"),
    (.audience, "another audience"), (.expired(time, now: time), "expired at 1970"),
    (.early(time, now: time), "counts from 1970"), (.lifetime, "24 hours"),
  ]

  @Test(arguments: faults)
  func `a token that is refused has its reason`(fault: TokenFault, words: String) {
    let refused = TokenRefused.token(fault)

    #expect(refused.description.hasPrefix("Nothing was done: the OIDC token "))
    #expect(refused.description.contains(words), "\(refused)")
    #expect(refused.exitStatus == (fault.isMalformed ? .badData : .noPermission))
  }

  static let attestations: [(fault: AttestationFault, words: String, clause: String)] = [
    (.notAttested, "not known here", "nobody attested"),
    (.otherActor(actor), "proves \(actor)", "a token of \(actor)"),
    (.issuer("https://a.example"), "access issuer list", "https://a.example"),
    (.nobody, "access identity list", "proves nobody"),
    (.several([actor, other]), "2 at once", "\(actor) and \(other)"),
    (.expired(time), "expired at 1970", "expired at 1970"),
    (.times, "counts for longer", "times that no token has"),
    (.repeated("one"), "called one", "another token called one"),
  ]

  @Test(arguments: attestations)
  func `one that proves nobody has its reason, as an error and as a finding`(
    fault: AttestationFault, words: String, clause: String
  ) {
    let refused = TokenRefused.attestation(fault)

    #expect(refused.description.contains(words), "\(refused)")
    #expect(refused.exitStatus == .noPermission)
    #expect(TokenRefused.ended(fault).description.contains("What had been recorded before stands"))
    #expect(TokenRefused.ended(fault).exitStatus == .noPermission)
    #expect(fault.description.hasPrefix("rests on "))
    #expect(fault.description.contains(clause), "\(fault)")
  }

  @Test(arguments: [
    (IssuerError.notURL("x") as any ExitingError, "begins with https://"),
    (IssuerError.unknown("x"), "access issuer list"), (IssuerError.unchanged("x", at: 3), "3"),
    (IssuerError.noAudience, "--audience"),
    (IssuerError.keySet(path: "/k", .notAKeySet), "/k is no JSON Web Key Set"),
    (IssuerError.keySet(path: "/k", .tooMany(40)), "40 keys"),
    (IssuerError.keySet(path: "/k", .secret(kid: "a")), "a key, a, that has to stay secret"),
    (IssuerError.keySet(path: "/k", .kidTwice("a")), "the kid a"),
    (IssuerError.keySet(path: "/k", .noKey(["b", "a", "a"])), "checked with: a; b"),
    (IssuerError.keySet(path: "/k", .noKey([])), "jwks_uri"),
    (TokenBindingError.issuer, "access issuer list"), (TokenBindingError.tooMany(17), "17 claims"),
    (TokenBindingError.form("a"), "'a'"), (TokenBindingError.changing("exp"), "`exp`"),
    (TokenBindingError.personal("actor"), "`actor`"),
    (TokenBindingError.wildcard("sub"), "star"), (TokenBindingError.twice("sub"), "twice"),
    (TokenBindingError.noSubject, "--claim sub="), (TokenBindingError.noID("x"), "--claim x="),
    (AccessWorkError.issuerUnknown("x"), "access issuer add"),
    (AccessWorkError.boundAlready(actor, 2), "access identity rm \(actor) 2"),
    (AccessWorkError.noIdentity(actor, 2), "no identity 2"),
  ])
  func `what is wrong with trust or claims is said with a next step`(
    error: any ExitingError, words: String
  ) {
    #expect(error.description.hasPrefix("Nothing was recorded: "))
    #expect(error.description.contains(words), "\(error)")
    #expect(error.exitStatus == .badData)
  }

  @Test func `as many claims are bound as there may be, and no more`() throws {
    let some = (1...15).map { (name: "claim\($0)", value: "1") } + [(name: "sub", value: "a")]

    #expect(try TokenBinding(issuer: "https://a", claims: some).claims.count == 16)
    #expect(throws: TokenBindingError.tooMany(17)) {
      try TokenBinding(issuer: "https://a", claims: some + [(name: "more", value: "1")])
    }
    #expect(throws: TokenBindingError.issuer) { try TokenBinding(issuer: "", claims: some) }
  }
}
