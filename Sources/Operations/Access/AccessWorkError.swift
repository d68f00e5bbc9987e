import Events

/// Why nobody's access was changed; the ledger is as it was.
package enum AccessWorkError: ExitingError, Equatable {
  case unknown(String)
  case ambiguous(String, [ActorID])
  case over(Timestamp, now: Timestamp)
  case nothingGranted(ActorID, AccessRole?)
  case notSuspended(ActorID)
  case lastAdministrator(ActorID)
  case noGrant(ActorID, Int)
  /// A grant is reviewed by somebody else.
  case own(Int)
  case rationaleMissing(ActorID, grant: Int)
  case issuerUnknown(String)
  /// The very same claims prove somebody already.
  case boundAlready(ActorID, Int)
  case noIdentity(ActorID, Int)

  package var exitStatus: ExitStatus {
    switch self {
    case .unknown, .ambiguous, .over, .nothingGranted, .notSuspended, .noGrant, .issuerUnknown,
      .boundAlready, .noIdentity:
      .badData
    case .lastAdministrator: .noPermission
    case .own: .deniedByPolicy
    case .rationaleMissing: .usage
    }
  }

  package var description: String {
    switch self {
    case .unknown(let word):
      """
      Nobody was found: no key, no grant and no identity is of '\(word)'.
      See who there is with `stele key list`, or register a key with `stele key add`.
      """
    case .ambiguous(let word, let actors):
      """
      Nobody was found: '\(word)' begins the ids of \(actors.count): \
      \(actors.map { "\($0)" }.joined(separator: ", ")).
      Write more of it.
      """
    case .over(let until, let now):
      """
      Nothing was changed: it would be over at \(until), and it is \(now).
      Name a moment that is to come with --until, or leave it out.
      """
    case .nothingGranted(let actor, let role):
      """
      Nothing was changed: \(actor) has no grant\(role.map { " of the role \($0.rawValue)" } ?? "").
      See the grants with `stele access matrix`.
      """
    case .notSuspended(let actor):
      """
      Nothing was changed: \(actor) is not suspended.
      See who is with `stele access matrix`.
      """
    case .lastAdministrator(let actor):
      """
      Nothing was changed: without \(actor) nobody is left who may change access.
      Grant somebody else the role administrator first, with an administrator's key.
      """
    case .noGrant(let actor, let number):
      """
      Nothing was recorded: \(actor) has no grant \(number).
      See the grants with `stele access review list`.
      """
    case .own(let number):
      """
      Nothing was recorded: grant \(number) is your own, and somebody else has to review it.
      Ask another administrator: `stele access matrix` shows who is one.
      """
    case .issuerUnknown(let issuer):
      """
      Nothing was recorded: no tokens of '\(issuer)' count.
      Say first that they do: `stele access issuer add`
      """
    case .boundAlready(let actor, let number):
      """
      Nothing was recorded: such a token proves \(actor) already, by identity \(number).
      Take that away first: `stele access identity rm \(actor) \(number)`
      """
    case .noIdentity(let actor, let number):
      """
      Nothing was recorded: \(actor) has no identity \(number).
      See those there are with `stele access identity list`.
      """
    case .rationaleMissing(let actor, let number):
      """
      Nothing was recorded: grant \(number) of \(actor) is reviewed with a rationale.
      Say why with --rationale.
      """
    }
  }
}
