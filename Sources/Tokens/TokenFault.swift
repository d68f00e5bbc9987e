import Events

/// Why a token proves nothing. No case holds any of it but names and times that are no secret.
package enum TokenFault: Error, Hashable, Sendable {
  // It is no token of the form that is read here.
  case tooLong(byteCount: Int)
  case parts(count: Int)
  case encoding
  case header
  case critical
  case type
  case claims
  /// A claim that has to be there is missing or of another sort.
  case claim(String)

  // It is one, and does not count.
  case issuer
  case kid
  case algorithm
  case signature
  case audience
  case expired(Timestamp, now: Timestamp)
  case early(Timestamp, now: Timestamp)
  /// It would count for longer than any token may.
  case lifetime

  /// Whether it cannot be read, rather than not be believed.
  package var isMalformed: Bool {
    switch self {
    case .tooLong, .parts, .encoding, .header, .critical, .type, .claims, .claim: true
    case .issuer, .kid, .algorithm, .signature, .audience, .expired, .early, .lifetime: false
    }
  }
}
