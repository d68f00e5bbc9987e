import Access
import Events
import Tokens

/// A token that proves nobody here, or no more. Nothing of the token is in it.
package enum TokenRefused: ExitingError, Equatable {
  case token(TokenFault)
  case attestation(AttestationFault)
  /// It proved somebody when the command began.
  case ended(AttestationFault)

  package var exitStatus: ExitStatus {
    switch self {
    case .token(let fault): fault.isMalformed ? .badData : .noPermission
    case .attestation, .ended: .noPermission
    }
  }

  package var description: String {
    switch self {
    case .token(let fault):
      "Nothing was done: the OIDC token \(fault.clause).\n\(fault.remedy)"
    case .attestation(let fault):
      "Nothing was done: the OIDC token \(fault.clause).\n\(fault.remedy)"
    case .ended(let fault):
      """
      Nothing more was recorded: the OIDC token \(fault.clause).
      What had been recorded before stands: see it with `stele log`. \(fault.remedy)
      """
    }
  }
}

extension TokenFault {
  fileprivate var clause: String {
    switch self {
    case .tooLong(let count):
      "has \(count) bytes or more, and a token has \(CompactToken.byteCountMax) at most"
    case .parts(let count):
      "has \(count) parts between its dots, and not header, claims and signature"
    case .encoding: "is not base64url without padding"
    case .header: "has a header that is not JSON with `alg` and each member once"
    case .critical: "asks in `crit` for something that is not understood here"
    case .type: "is of another type than JWT"
    case .claims: "has claims that are not JSON with each member once"
    case .claim(let name): "has no `\(name)` of the form that it must have"
    case .issuer: "is of an issuer that is not trusted here"
    case .kid: "names no key of its issuer that is known here"
    case .algorithm: "names another algorithm than its key has"
    case .signature: "is not signed by the key that it names"
    case .audience: "is for another audience"
    case .expired(let time, let now): "expired at \(time), and it is \(now)"
    case .early(let time, let now): "counts from \(time) on, and it is \(now)"
    case .lifetime:
      "counts for more than \(AccessAttested.lifetimeMs / 3_600_000) hours from its issue"
    }
  }

  fileprivate var remedy: String {
    switch self {
    case .tooLong, .parts, .encoding, .header, .critical, .type, .claims, .claim:
      "Give the token as its issuer made it, in STELE_OIDC_TOKEN or with --oidc-token-file."
    case .issuer, .audience:
      "See whose tokens count, and for which audience: `stele access issuer list`"
    case .kid, .algorithm, .signature:
      "If the issuer has new keys, an administrator says so: `stele access issuer add`"
    case .expired, .early, .lifetime: "Let the job ask its issuer for a new one."
    }
  }
}

extension AttestationFault {
  fileprivate var clause: String {
    switch self {
    case .notAttested: "is not known here"
    case .otherActor(let actor): "proves \(actor)"
    case .issuer(let issuer): "is of \(issuer), whose audience or key is not trusted any more"
    case .nobody: "proves nobody: no identity asks for what it says"
    case .several(let actors):
      "proves \(actors.count) at once: \(actors.map { "\($0)" }.joined(separator: ", "))"
    case .expired(let time): "expired at \(time)"
    case .times: "is issued later, or counts for longer, than a token may"
    case .repeated(let jti): "is called \(jti), like another one that was shown before"
    }
  }

  fileprivate var remedy: String {
    switch self {
    case .expired, .times, .repeated, .notAttested: "Let the job ask its issuer for a new one."
    case .issuer: "See whose tokens count: `stele access issuer list`"
    case .otherActor, .nobody, .several:
      "See which claims are whose: `stele access identity list`"
    }
  }
}
