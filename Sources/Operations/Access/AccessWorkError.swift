import Events

/// Why nobody's access was changed; the ledger is as it was.
package enum AccessWorkError: ExitingError, Equatable {
  case unknown(String)
  case ambiguous(String, [ActorID])
  case over(Timestamp, now: Timestamp)
  case nothingGranted(ActorID, AccessRole?)
  case notSuspended(ActorID)
  case lastAdministrator(ActorID)

  package var exitStatus: ExitStatus {
    switch self {
    case .unknown, .ambiguous, .over, .nothingGranted, .notSuspended: .badData
    case .lastAdministrator: .noPermission
    }
  }

  package var description: String {
    switch self {
    case .unknown(let word):
      """
      Nobody was found: no key and no grant is of '\(word)'.
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
    }
  }
}
