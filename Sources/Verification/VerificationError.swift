import CanonicalJSON

/// What is wrong with a ledger, with the values that disagree.
///
/// Closed: whoever shows findings decides about each. ``name`` is the stable name in JSON and in
/// the golden file; ``description`` is for people.
package enum VerificationError: Error, Hashable, Sendable {
  // One entry's bytes.
  case lineTooLong(bytes: Int)
  case lineForm(FormFault)
  case headerForm(FormFault)
  case bodyTooLong(bytes: Int)
  case bodyDigest(signed: Digest, derived: Digest)
  case bodyForm(FormFault)
  case bodyMissing(RetentionClass?)
  case dataForm(event: Int, FormFault)
  case tooManyEvents(count: Int)

  // Its place in this ledger.
  case entryReused(Identifier, first: Int)
  case ledgerMismatch(named: LedgerOrigin, valid: LedgerOrigin)
  case genesisMissing(kind: String)
  case genesisRepeated(stream: String)
  case recordedBackwards(recorded: Int64, previous: Int64)
  case clockSkew(at: Int64, recorded: Int64)
  case seenAhead(size: Int, position: Int)
  /// `derived` is nil where the tree of that size cannot be proven to the one verified before.
  case seenRoot(signed: SeenTree, derived: Digest?)
  case incarnationMismatch(named: SeenTree, derived: SeenTree)
  case becauseUnknown(Identifier)
  case expectsMismatch(stream: String, expected: Int, actual: Int)
  case expectsMissing(kind: String, prefix: String)
  case versionNotNext(stream: String, version: Int, next: Int)

  // What its kinds demand.
  case kindUnknown(kind: String)
  case streamName(stream: String, kind: String)
  case streamScope(stream: String, was: String, named: String)
  case scopeMixed(String, String)
  case classMixed(RetentionClass, RetentionClass)
  case releaseNumber(events: Int, needed: Int)
  case retentionForbidden(class: String, first: Int, last: Int)

  // Who signed it.
  case signatureInvalid(keyid: Digest)
  case keyUnknown(keyid: Digest)
  case keyNotValid(keyid: Digest, registered: Int, revoked: Int)
  case actorUnsigned(actor: Identifier)
  case kindRole(kind: String, roles: Set<SigningRole>)
  case keyRepeated(keyid: Digest, registered: Int)
  case keyWeak(keyid: Digest)
  case registrationUnsigned(keyid: Digest)
  case logKeyUnpaired(keyid: Digest)
  case quorumMissing(signed: Int, needed: Int)

  // Values that only the vault holds.
  case sealedCommitment(event: Int, pointer: String)
  case sealedMissing(event: Int, pointer: String, subject: Identifier)

  // What the log signed about the whole.
  case checkpointForm(String)
  case checkpointOrigin(named: String, valid: LedgerOrigin)
  case checkpointSize(signed: Int, entries: Int)
  case checkpointRoot(size: Int, signed: Digest, derived: Digest)
  case checkpointSignature(size: Int, keyid: Digest?)
  /// The row says another size of its note, or wrongly whether others have signed it too.
  case checkpointStored(size: Int, stored: Int)
  case pinUnknown(vkey: String)
  case trustedAhead(size: Int, entries: Int)

  // What is stored beside the entries.
  case positionGap(found: Int)
  case leafStored(stored: Digest, derived: Digest)
  case entryStored(stored: String, signed: Identifier)
  case runStored(stored: String, derived: String)
  case tileStored(level: Int, index: Int)
  case countStored(table: String, stored: Int, derived: Int)
  case anchorForm(String)
  case anchorAhead(size: Int, entries: Int)
}

extension VerificationError {
  /// The stable name: `signatureInvalid`.
  package var name: String {
    // Every case carries values, so each reflects as one child labelled with the case's name.
    Mirror(reflecting: self).children.first?.label ?? "unnamed"
  }
}

/// One thing that is wrong, and where.
package struct Finding: Hashable, Sendable {
  /// The entry's, from 0; the ledger's size for what is wrong with the whole.
  package let position: Int
  package let error: VerificationError

  package init(position: Int, error: VerificationError) {
    self.position = position
    self.error = error
  }
}

extension Finding: CustomStringConvertible {
  package var description: String { "#\(position): \(error)" }
}
