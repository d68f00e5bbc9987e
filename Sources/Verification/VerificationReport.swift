import CanonicalJSON

/// How often each check ran.
package struct VerificationCounts: Hashable, Sendable {
  /// Lines and headers read, leaves hashed.
  package internal(set) var entries = 0
  package internal(set) var events = 0
  /// Signatures checked.
  package internal(set) var signatures = 0
  /// Bodies read and hashed.
  package internal(set) var bodies = 0
  /// Roots that signers had seen, compared with the tree.
  package internal(set) var seenRoots = 0
  /// Causes looked up.
  package internal(set) var causes = 0
  /// Expected versions compared.
  package internal(set) var expectations = 0
  /// Sealed values opened and compared with their commitment.
  package internal(set) var sealedValues = 0
  /// Sealed values that could not be asked for from here.
  package internal(set) var sealedNotReadable = 0
  /// Checkpoints whose root and signature were compared.
  package internal(set) var checkpoints = 0
  /// Rows that repeat what entries say.
  package internal(set) var storedRuns = 0
  package internal(set) var tiles = 0
  /// Runs that the headers have: what ``storedRuns`` should be.
  var runs = 0
}

/// What the log's own key says about the result.
package enum VerificationTrust: Hashable, Sendable {
  /// The caller knew the log's key beforehand, and it leads to the newest checkpoint.
  case pinned(vkey: String)
  /// The ledger agrees with itself. Whoever wrote all of it could have written another.
  case selfConsistent
}

/// The result of verifying a ledger.
package struct VerificationReport: Sendable {
  /// How many entries there are.
  package let size: Int
  /// Of the tree over all of them.
  package let root: Digest
  /// Of the newest entry; nil for an empty ledger.
  package let origin: LedgerOrigin?
  /// Entries that an earlier run had verified, and this one did not read again.
  package let trustedSize: Int
  /// Of the newest checkpoint whose signature and root are right; nil if there is none.
  package let checkpointSize: Int?
  package let trust: VerificationTrust
  package let counts: VerificationCounts
  /// Bodies gone by retention, neither valid nor broken.
  package let pruned: [RetentionClass: Int]
  /// Sealed values gone by erasure, neither valid nor broken.
  package let erased: Int
  /// Entries of which the caller knew that values are gone, one for each that nothing opens.
  package let givenUp: [Int]
  /// In position order, in the order of checks within one entry; at most ``findingsMax``.
  package let findings: [Finding]
  /// All findings, those beyond ``findingsMax`` included.
  package let findingCount: Int
  /// Signers after the first disagreement about the tree, who disagree because of it.
  package let laterSeenDisagreements: Int
  /// Kinds whose rules this program does not know, with the first position of each.
  package let unknownKinds: [String: Int]
  /// Revoked keys whose owners doubt earlier signatures as well.
  package let suspectKeys: [SuspectKey]
  /// What a later run can go on from; nil when something was found.
  package let state: VerifiedState?

  package static let findingsMax = 1000

  /// What a verifier names: the first error in the ledger's order.
  package var firstFinding: Finding? { findings.first }

  package var isSound: Bool { findings.isEmpty }

  /// Whether a key that was known before has signed all of it.
  package var isSigned: Bool {
    if case .pinned = trust { checkpointSize == size } else { false }
  }

  /// Entries that stand under no checkpoint of the log's; empty where all do.
  package var uncovered: Range<Int> { min(checkpointSize ?? 0, size)..<size }

  /// `verified` only from a key that was known before, up to the last entry, and only where every
  /// rule is known.
  package var verdict: VerificationVerdict {
    if !isSound { return .broken }
    if !unknownKinds.isEmpty { return .inconclusive }
    return isSigned ? .verified : .selfConsistent
  }
}

/// The one word of a report.
package enum VerificationVerdict: String, Hashable, Sendable {
  case verified
  case selfConsistent = "self-consistent"
  case broken
  /// Nothing was found, and there are kinds whose rules were not checked.
  case inconclusive
}

/// Signatures that stand, and that whoever revoked the key doubts.
package struct SuspectKey: Hashable, Sendable {
  package let keyid: Digest
  /// First doubted position.
  package let from: Int
  package let revoked: Int
}

/// How far a run has come.
package struct VerificationProgress: Hashable, Sendable {
  package let entriesDone: Int
  package let entries: Int
  package let findings: Int
}
