import CanonicalJSON

extension VerificationError: CustomStringConvertible {
  package var description: String {
    formWords ?? placeWords ?? kindWords ?? signerWords ?? wholeWords
  }

  private var formWords: String? {
    switch self {
    case .lineTooLong(let bytes):
      "the line has \(bytes) bytes; \(LineForm.bytesMax) are allowed"
    case .lineForm(let fault): "the line is not in its form: \(fault)"
    case .headerForm(let fault): "the header is not in its form: \(fault)"
    case .bodyTooLong(let bytes):
      "the body has \(bytes) bytes; \(BodyForm.bytesMax) are allowed"
    case .bodyDigest(let signed, let derived):
      "the body's digest is \(derived), and \(signed) was signed"
    case .bodyForm(let fault): "the body is not in its form: \(fault)"
    case .bodyMissing(let retention):
      "the body (\(retention?.rawValue ?? "of no known class")) is gone, and no retention.applied "
        + "event covers it"
    case .dataForm(let event, let fault): "data of event \(event) is not in its form: \(fault)"
    case .tooManyEvents(let count): "the entry has \(count) events; 1000 are allowed"
    default: nil
    }
  }

  private var placeWords: String? {
    switch self {
    case .entryReused(let id, let first): "entry \(id) is already at position \(first)"
    case .ledgerMismatch(let named, let valid):
      "it was signed for ledger \(named), and this is \(valid)"
    case .genesisMissing(let kind):
      "the first entry begins with \(kind), and not with ledger.created.v1 and its keys alone"
    case .genesisRepeated(let stream): "\(stream) is created a second time"
    case .recordedBackwards(let recorded, let previous):
      "it was recorded at \(CivilTime.text(recorded)), before its predecessor at "
        + CivilTime.text(previous)
    case .clockSkew(let at, let recorded):
      "its signer's clock said \(CivilTime.text(at)), the log's \(CivilTime.text(recorded)): more "
        + "than 15 minutes apart"
    case .seenAhead(let size, let position):
      "its signer had seen \(size) entries, and only \(position) precede it"
    case .seenRoot(let signed, let derived):
      "its signer had seen root \(signed.root) at size \(signed.size), which is now "
        + "\(derived?.hex ?? "not provable"): an entry before position \(signed.size) was changed"
    case .incarnationMismatch(let named, let derived):
      "the incarnation begins at size \(named.size), root \(named.root); the entries before it "
        + "give size \(derived.size), root \(derived.root)"
    case .becauseUnknown(let id): "its cause \(id) is no earlier entry"
    case .expectsMismatch(let stream, let expected, let actual):
      "it was decided at version \(expected) of \(stream), which was at \(actual)"
    case .expectsMissing(let kind, let prefix):
      "\(kind) is decided on a stream \(prefix)/…, and the entry expects none"
    case .versionNotNext(let stream, let version, let next):
      "it writes version \(version) of \(stream), and \(next) is next"
    default: nil
    }
  }

  private var kindWords: String? {
    switch self {
    case .kindUnknown(let kind):
      "\(kind) decides who may sign what follows, and this program does not know it: check the "
        + "ledger with the version that wrote it"
    case .streamName(let stream, let kind): "\(kind) does not belong in stream \(stream)"
    case .streamScope(let stream, let was, let named):
      "\(stream) is of \(was) for ever, and this says \(named)"
    case .scopeMixed(let one, let other): "one entry is of \(one) and of \(other)"
    case .classMixed(let one, let other):
      "one entry is of classes \(one.rawValue) and \(other.rawValue)"
    case .releaseNumber(let events, let needed):
      "it has \(events) release.started events, and what it records needs \(needed)"
    case .retentionForbidden(let name, let first, let last):
      "retention of class \(name), entries \(first) to \(last), is not allowed here"
    case .sealedCommitment(let event, let pointer):
      "the vault's value for event \(event) at \(pointer) is not the one committed to"
    case .sealedMissing(let event, let pointer, let subject):
      "the vault has no value that opens for event \(event) at \(pointer), and \(subject) was not "
        + "erased"
    default: nil
    }
  }

  private var signerWords: String? {
    switch self {
    case .signatureInvalid(let keyid): "the signature by key \(keyid) does not verify"
    case .keyUnknown(let keyid): "key \(keyid) was not registered"
    case .keyNotValid(let keyid, let registered, let revoked):
      "key \(keyid), registered at \(registered), was revoked at \(revoked)"
    case .actorUnsigned(let actor): "no valid signature is by a key of its actor, \(actor)"
    case .kindRole(let kind, let roles):
      "its actor signed as \(roles.map(\.rawValue).sorted().joined(separator: ", ")), which "
        + "\(kind) does not allow"
    case .keyRepeated(let keyid, let registered):
      "key \(keyid) was registered before, at \(registered)"
    case .keyWeak(let keyid): "key \(keyid) is no usable Ed25519 key"
    case .registrationUnsigned(let keyid): "key \(keyid) did not sign its own registration"
    case .logKeyUnpaired(let keyid):
      "log key \(keyid) is registered or revoked without its counterpart in the same entry"
    case .quorumMissing(let signed, let needed):
      "\(signed) recovery keys signed, and \(needed) are needed"
    default: nil
    }
  }

  private var wholeWords: String {
    switch self {
    case .checkpointForm(let reason): "the checkpoint cannot be read: \(reason)"
    case .checkpointOrigin(let named, let valid):
      "the checkpoint is of \(named), and this ledger is \(valid)"
    case .checkpointSize(let signed, let entries):
      "the log signed \(signed) entries, and \(entries) are here"
    case .checkpointRoot(let size, let signed, let derived):
      "the log signed root \(signed) at size \(size), and the entries give \(derived)"
    case .checkpointSignature(let size, let keyid):
      "the checkpoint of size \(size) has no valid signature by the log's key "
        + (keyid.map(\.hex) ?? "(there is none)")
    case .checkpointStored(let size, let stored):
      "the checkpoint of size \(size) is stored under size \(stored), or it is stored wrongly "
        + "whether witnesses have signed it"
    case .pinUnknown(let vkey): "\(vkey) was never a key of this log"
    case .trustedAhead(let size, let entries):
      "\(size) entries were verified before, and only \(entries) are here"
    case .positionGap(let found): "the next row has position \(found)"
    case .leafStored(let stored, let derived):
      "leaf \(stored) is stored, and the line gives \(derived)"
    case .entryStored(let stored, let signed): "id \(stored) is stored, and \(signed) was signed"
    case .runStored(let stored, let derived):
      "runs \(stored) are stored, and \(derived) were signed"
    case .tileStored(let level, let index): "tile \(level)/\(index) is not what its leaves give"
    case .countStored(let table, let stored, let derived):
      "table \(table) has \(stored) rows, and the entries give \(derived)"
    case .anchorForm(let reason): "the anchor cannot be read: \(reason)"
    case .anchorAhead(let size, let entries):
      "the anchor is of \(size) entries, and \(entries) are here"
    default: name
    }
  }
}

extension FormFault: CustomStringConvertible {
  package var description: String { "byte \(offset), where \(expected) belongs" }
}
