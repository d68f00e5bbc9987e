import CanonicalJSON
import TransparencyLog

/// What a receipt proves, and what was not checked.
package struct ReceiptReport: Sendable {
  /// One signature of the entry.
  package struct Signer: Hashable, Sendable {
    package let keyid: Digest
    /// False when the caller brought no key of this id; a wrong signature is an error instead.
    package let isChecked: Bool
  }

  /// What stands between this receipt and certainty.
  package enum Limit: Hashable, Sendable {
    /// No known key of the log signed it: whoever made it could have made another.
    case logUnknown
    /// Nobody but the log says that everyone is shown the same tree.
    case notWitnessed
    case signerUnknown(keyid: Digest)
    /// The events' data is not part of a receipt, only its digest.
    case bodyNotRead
  }

  /// The entry's, from 0.
  package let position: Int
  package let checkpoint: Checkpoint
  /// When the log took the entry, microseconds since 1970.
  package let recorded: Int64
  package let signers: [Signer]
  package let isSignedByKnownLog: Bool
  /// Names of the known witnesses whose cosignatures cover the checkpoint.
  package let witnesses: [String]
  package let entry: Identifier
  package let actor: Identifier
  package let ledger: LedgerOrigin
  /// `deployment.started.v1 in deployment/…, version 1`, one for each run.
  package let events: [String]

  init(
    position: Int, checkpoint: Checkpoint, header: HeaderForm, recorded: Int64, signers: [Signer],
    isSignedByKnownLog: Bool, witnesses: [String]
  ) {
    self.position = position
    self.checkpoint = checkpoint
    self.recorded = recorded
    self.signers = signers
    self.isSignedByKnownLog = isSignedByKnownLog
    self.witnesses = witnesses
    entry = header.entry
    actor = header.actor
    ledger = header.ledger
    events = header.runs.map { run in
      let last = run.version + run.count - 1
      let versions =
        run.count == 1 ? "version \(run.version)" : "versions \(run.version) to \(last)"
      return "\(run.kind) in \(run.stream), \(versions)"
    }
  }

  package var limits: [Limit] {
    var limits: [Limit] = isSignedByKnownLog ? [] : [.logUnknown]
    if witnesses.isEmpty { limits.append(.notWitnessed) }
    limits += signers.filter { !$0.isChecked }.map { .signerUnknown(keyid: $0.keyid) }
    return limits + [.bodyNotRead]
  }

  /// Whether a signature was checked: without one, whoever knows the form can write a receipt.
  package var isSignedByAnyoneKnown: Bool {
    isSignedByKnownLog || signers.contains(where: \.isChecked)
  }

  package var verdict: VerificationVerdict { isSignedByKnownLog ? .verified : .selfConsistent }
}

extension ReceiptReport.Limit: CustomStringConvertible {
  package var description: String {
    switch self {
    case .logUnknown: "the log's key was not known beforehand, so its signature was not checked"
    case .notWitnessed: "not witnessed"
    case .signerUnknown(let keyid): "the signature by key \(keyid) was not checked"
    case .bodyNotRead: "the events' data is not part of a receipt"
    }
  }
}

/// Why a receipt proves nothing.
package enum ReceiptError: Error, Hashable, Sendable {
  case form(NoteError)
  /// No `extra`, so there is no entry whose place could be proven.
  case lineMissing
  case entry(VerificationError)
  case originMismatch(entry: LedgerOrigin, checkpoint: String)
  case proofInvalid(signed: Digest, derived: Digest?)
  case checkpointSignature(NoteError)
}

extension ReceiptError: CustomStringConvertible {
  package var description: String { "The receipt proves nothing: \(reason)" }

  private var reason: String {
    switch self {
    case .form(let error): error.description
    case .lineMissing: "it has no `extra` line with the entry."
    case .entry(let error): "\(error)."
    case .originMismatch(let entry, let checkpoint):
      "its entry is of \(entry), and its checkpoint of \(checkpoint)."
    case .proofInvalid(let signed, let derived):
      "its proof leads to root \(derived?.hex ?? "none"), and the log signed \(signed)."
    case .checkpointSignature(let error): error.description
    }
  }
}
