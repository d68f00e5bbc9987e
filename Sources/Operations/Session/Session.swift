import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import Projections
import TransparencyLog

/// An open ledger with its projections and keys: what every operation starts from.
///
/// Owns the one ``LedgerState`` of the process. It is folded on from where it was whenever it is
/// asked for, so what it says is the ledger as of the call.
package actor Session {
  package nonisolated let workspace: Workspace
  package nonisolated let ledger: Ledger
  package nonisolated let keys: KeyRing
  package nonisolated let time: any TimeSource
  package nonisolated let random: any RandomSource
  /// Of the incarnation that signs now.
  package nonisolated let origin: Origin

  private var folded = LedgerState()
  private var size = 0
  /// How often an entry that depends on nothing is signed again after a conflict.
  private static let attemptsMax = 20

  init(
    workspace: Workspace, ledger: Ledger, keys: KeyRing, origin: Origin, time: any TimeSource,
    random: any RandomSource
  ) {
    self.workspace = workspace
    self.ledger = ledger
    self.keys = keys
    self.origin = origin
    self.time = time
    self.random = random
  }

  /// Every answer, as of now.
  package func state() throws -> LedgerState {
    let head = try ledger.head()
    guard head.size > size else { return folded }
    let from = size
    folded = try ledger.read { reader in
      var state = folded
      try reader.forEachRecorded(in: from..<head.size) { state.apply($0) }
      return state
    }
    size = head.size
    return folded
  }

  /// Every answer, as of the first `size` entries.
  package func state(ofSize size: Int) throws -> LedgerState {
    try ledger.read { reader in
      var state = LedgerState()
      try reader.forEachRecorded(in: 0..<size) { state.apply($0) }
      return state
    }
  }

  /// Signs and appends what was decided on the state that the draft's expectations name.
  ///
  /// - Throws: `AppendError.expectsMismatch` or `.versionNotNext` when the ledger has moved on:
  ///   decide again.
  package func record(
    _ draft: EntryDraft, by signer: Signer, cosigners: [Signer] = [], sealed: [SealedValue] = [],
    versions: [StreamName: Int] = [:]
  ) throws -> Recording {
    let head = try ledger.head()
    let writer = EntryWriter(origin: origin, seen: head.seen, at: time.now(), random: random)
    let envelope = try writer.envelope(
      draft, signedBy: signer, cosigners: cosigners, sealed: sealed
    ) { stream in
      try versions[stream] ?? ledger.version(of: stream) + 1
    }
    return try Recording(ledger.append(envelope))
  }

  /// Signs and appends what happened: it is true whatever others have recorded meanwhile, so a
  /// conflict over a stream's version only gives it the next one.
  package func recordFact(
    _ draft: EntryDraft, by signer: Signer, sealed: [SealedValue] = []
  ) throws -> Recording {
    var attempt = 1
    while true {
      do {
        return try record(draft, by: signer, sealed: sealed)
      } catch let error as AppendError where error.isConflict && attempt < Self.attemptsMax {
        attempt += 1
      }
    }
  }

  /// Makes the anchor durable. Whatever was recorded is durable already.
  package func close() throws { try ledger.close() }
}

extension AppendError {
  /// The ledger has moved on since the entry was built.
  package var isConflict: Bool {
    switch self {
    case .versionNotNext, .expectsMismatch: true
    case .form, .entryReused, .ledgerMismatch, .genesisMissing, .genesisRepeated, .bodyDigest,
      .recordedBackwards, .signatureInvalid, .keyUnknown, .keyNotValid, .actorUnsigned, .kindRole,
      .keyRepeated, .keyWeak, .registrationUnsigned, .logKeyUnpaired, .quorumMissing,
      .incarnationMismatch, .retentionForbidden, .seenAhead, .seenRoot, .becauseUnknown,
      .streamScope, .sealedMissing, .subjectErased:
      false
    }
  }
}
