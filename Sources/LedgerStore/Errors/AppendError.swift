import CanonicalJSON
import Events

/// Why one entry was not recorded; the ledger is exactly as it was, and so are its neighbours.
///
/// In the order in which FORMAT.md asks. ``code`` is the name that every implementation of the
/// format uses; what needs no state is an `EntryFormError`.
package enum AppendError: Error, Hashable, Sendable {
  /// Line, header, runs, limits, body, clock or expectations are not as the format has them.
  case form(EntryFormError)

  /// The id stands at `first` with another header or actor.
  case entryReused(EntryID, first: Int)
  case ledgerMismatch(named: Origin, valid: Origin)
  /// The first entry is not `ledger.created` followed by its keys.
  case genesisMissing(kind: EventKind)
  case genesisRepeated
  case bodyDigest(signed: Digest, derived: Digest)
  /// The log's clock went back by more than it can be held.
  case recordedBackwards(recorded: Timestamp, previous: Timestamp)

  case signatureInvalid(KeyID)
  case keyUnknown(KeyID)
  case keyNotValid(KeyID, registered: Int, revoked: Int?)
  case actorUnsigned(ActorID)
  case kindRole(EventKind, roles: Set<KeyRole>)

  case keyRepeated(KeyID, registered: Int)
  case keyWeak(KeyID)
  case registrationUnsigned(KeyID)
  /// A log key comes only with the revocation of the one before it, and goes only with the next.
  case logKeyUnpaired(KeyID)
  case quorumMissing(signed: Int, needed: Int)
  case incarnationMismatch(named: Seen, actual: Seen)
  case retentionForbidden(RetentionClass, first: Int, last: Int)

  case seenAhead(size: Int, actual: Int)
  case seenRoot(size: Int, named: Digest, actual: Digest)
  case becauseUnknown(EntryID)
  case expectsMismatch(StreamName, expected: Int, actual: Int)
  case streamScope(StreamName, was: Scope, named: Scope)
  case versionNotNext(StreamName, expected: Int, actual: Int)

  /// The body commits to a value that the envelope does not bring.
  case sealedMissing(event: Int, pointer: String)
  /// A value was sealed for a person who has been erased.
  case subjectErased(SubjectID)
}

extension AppendError {
  /// The stable name: `versionNotNext`.
  package var code: String {
    switch self {
    case .form(let error): error.code
    case .entryReused: "entryReused"
    case .ledgerMismatch: "ledgerMismatch"
    case .genesisMissing: "genesisMissing"
    case .genesisRepeated: "genesisRepeated"
    case .bodyDigest: "bodyDigest"
    case .recordedBackwards: "recordedBackwards"
    case .signatureInvalid: "signatureInvalid"
    case .keyUnknown: "keyUnknown"
    case .keyNotValid: "keyNotValid"
    case .actorUnsigned: "actorUnsigned"
    case .kindRole: "kindRole"
    case .keyRepeated: "keyRepeated"
    case .keyWeak: "keyWeak"
    case .registrationUnsigned: "registrationUnsigned"
    case .logKeyUnpaired: "logKeyUnpaired"
    case .quorumMissing: "quorumMissing"
    case .incarnationMismatch: "incarnationMismatch"
    case .retentionForbidden: "retentionForbidden"
    case .seenAhead: "seenAhead"
    case .seenRoot: "seenRoot"
    case .becauseUnknown: "becauseUnknown"
    case .expectsMismatch: "expectsMismatch"
    case .streamScope: "streamScope"
    case .versionNotNext: "versionNotNext"
    case .sealedMissing: "sealedMissing"
    case .subjectErased: "subjectErased"
    }
  }
}
