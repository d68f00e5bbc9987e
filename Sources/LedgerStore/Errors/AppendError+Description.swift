import CanonicalJSON
import Events

extension AppendError: CustomStringConvertible {
  package var description: String { "Nothing was recorded: \(reason)" }

  /// What is wrong, without what that means for whoever asked: a clause.
  var clause: String { String(reason.dropLast()) }

  private var reason: String {
    switch self {
    case .form(let error): error.reason
    case .entryReused, .ledgerMismatch, .genesisMissing, .genesisRepeated, .bodyDigest,
      .recordedBackwards:
      identityProblem
    case .signatureInvalid, .keyUnknown, .keyNotValid, .actorUnsigned, .kindRole:
      signerProblem
    case .keyRepeated, .keyWeak, .registrationUnsigned, .logKeyUnpaired, .quorumMissing,
      .incarnationMismatch, .retentionForbidden:
      governingProblem
    case .seenAhead, .seenRoot, .becauseUnknown, .expectsMismatch, .streamScope, .versionNotNext,
      .sealedMissing, .subjectErased:
      historyProblem
    }
  }

  private var identityProblem: String {
    switch self {
    case .entryReused(let entry, let first):
      """
      the id \(entry) stands at position \(first) with other contents. See \
      `stele show \(first)`; a new entry takes a new id.
      """
    case .ledgerMismatch(let named, let valid):
      "the entry is for \(named), this ledger is \(valid). Decide again here and sign that."
    case .genesisMissing(let kind):
      "a ledger begins with ledger.created.v1, not with \(kind). Make one with `stele init`."
    case .genesisRepeated:
      "this ledger has begun already. Make another with `stele init` in another directory."
    case .bodyDigest(let signed, let derived):
      "the header binds the body \(signed.hex), this one has \(derived.hex). Sign it again."
    case .recordedBackwards(let recorded, let previous):
      "this machine's clock says \(recorded), the last entry \(previous). Mend the clock."
    default: ""
    }
  }

  private var signerProblem: String {
    switch self {
    case .signatureInvalid(let keyid):
      "the signature by \(keyid.hex) does not verify. Sign the header's exact bytes again."
    case .keyUnknown(let keyid):
      """
      the key \(keyid.hex) is not registered. An administrator can add it with `stele key add`.
      """
    case .keyNotValid(let keyid, let registered, let revoked):
      """
      the key \(keyid.hex) signs after position \(registered)\
      \(revoked.map { " and up to \($0)" } ?? ""), not here. See `stele key list`.
      """
    case .actorUnsigned(let actor):
      "no valid signature is by a key of \(actor). See `stele key list`, then sign with theirs."
    case .kindRole(let kind, let roles):
      """
      \(kind) is not signed by \(roles.map(\.rawValue).sorted().joined(separator: " or ")) \
      key of its actor. See `stele key list`.
      """
    default: ""
    }
  }

  private var governingProblem: String {
    switch self {
    case .keyRepeated(let keyid, let registered):
      """
      the key \(keyid.hex) was registered at position \(registered), once and for ever. Make a \
      new one with `stele key add`.
      """
    case .keyWeak(let keyid):
      "the key \(keyid.hex) is one that anybody can sign for. Make a new one with `stele key add`."
    case .registrationUnsigned(let keyid):
      "the new key \(keyid.hex) did not sign its registration. Sign with it as well."
    case .logKeyUnpaired(let keyid):
      """
      \(keyid.hex) would leave the log with none or two keys. One entry registers the new and \
      revokes the old.
      """
    case .quorumMissing(let signed, let needed):
      "\(signed) of the \(needed) recovery keys needed have signed. Collect the others' signatures."
    case .incarnationMismatch(let named, let actual):
      """
      the incarnation continues \(named.size) entries with root \(named.root.hex), this ledger \
      has \(actual.size) with \(actual.root.hex). See `stele verify`.
      """
    case .retentionForbidden(let retention, let first, let last):
      """
      \(retention.rawValue) bodies of positions \(first) to \(last) may not go: only earlier \
      evidence and telemetry may. See `stele log`.
      """
    default: ""
    }
  }

  private var historyProblem: String {
    switch self {
    case .seenAhead(let size, let actual):
      """
      its signer has seen \(size) entries, the ledger has \(actual). Entries were lost, or this is \
      another copy: see `stele verify`.
      """
    case .seenRoot(let size, let named, let actual):
      """
      its signer saw the root \(named.hex) of \(size) entries, this ledger has \(actual.hex). One \
      of the two was altered: see `stele verify`.
      """
    case .becauseUnknown(let entry):
      "its cause \(entry) is not in the ledger. See `stele log`."
    case .expectsMismatch(let stream, let expected, let actual):
      """
      \(stream) is at version \(actual), and this was decided at \(expected). See what changed \
      with `stele log --stream \(stream)`, then try again.
      """
    case .streamScope(let stream, let was, let named):
      "\(stream) concerns \(was) for ever, not \(named). See `stele log --stream \(stream)`."
    case .versionNotNext(let stream, let expected, let actual):
      """
      \(stream) is at version \(actual), and this was decided at \(expected). See what changed \
      with `stele log --stream \(stream)`, then try again.
      """
    case .sealedMissing(let event, let pointer):
      """
      the personal value at \(pointer) of event \(event) did not come with it. Send the signed \
      envelope whole.
      """
    case .subjectErased(let subject):
      "\(subject) was erased, and no personal value of theirs is kept any more."
    default: ""
    }
  }
}
