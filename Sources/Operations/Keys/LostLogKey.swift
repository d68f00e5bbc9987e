import Access
import Events
import LedgerStore
import Projections
import TransparencyLog

/// The log's key is lost: recovery keys sign in its place that another one comes.
///
/// Nobody can sign a checkpoint that ends with the rotation. So it is recorded together with the
/// decision before it and, as what the new key is the first to sign for, that decision once more:
/// three entries in one transaction, under one checkpoint.
struct LostLogKey {
  let old: Keys.Key
  let new: Signer
  let administrator: Signer
  /// As many recovery keys as the ledger asks for.
  let quorum: [Signer]

  /// The drafts with who signs each. `because` is the id that the first entry will have.
  func drafts(
    _ decided: DraftEvent, expects grants: [StreamName: Int], decisions: Int, because: EntryID,
    by service: Signer
  ) -> [(draft: EntryDraft, by: Signer, cosigners: [Signer])] {
    let decision = EntryDraft([decided], expects: grants)
    let resting = Authorization(
      decision: because, expects: grants.merging([decided.stream: decisions + 1]) { $1 })
    let rotation = EntryDraft(
      LogKeyRotation.events(replacing: old, with: new), resting: resting)
    return [
      (decision, service, []), (rotation, administrator, [new] + quorum), (decision, service, []),
    ]
  }
}

extension Session {
  /// Commit point: the one transaction. A crash before it leaves the new key's file, which the same
  /// command again takes.
  ///
  /// - Returns: Where the rotation stands.
  /// - Throws: ``KeyWorkError/rotationDenied(_:)``; `AppendError` when the ledger refuses.
  func replace(_ lost: LostLogKey) throws -> Int {
    let service = try signer(.service)
    return try deciding { state in
      try prove(DecisionGrounds(nil, actor: lost.administrator.actor), in: state)
      let request = AccessRequest(
        .rotateLogKey, by: lost.administrator.actor, application: nil, environment: nil)
      let decision = request.decide(state.grants, at: time.now())
      guard decision.isAllowed else { throw KeyWorkError.rotationDenied(request.actor) }
      let writer = EntryWriter(
        origin: origin, seen: try ledger.head().seen, at: time.now(), random: random)
      let ids = (0..<3).map { _ in writer.newID() }
      let drafts = lost.drafts(
        request.event(decision), expects: state.grants.expectation(of: request.actor),
        decisions: state.decisions.tally(of: nil).version, because: ids[0], by: service)
      var next: [StreamName: Int] = [:]
      let envelopes = try zip(ids, drafts).map { id, entry in
        try writer.envelope(
          entry.draft, as: id, signedBy: entry.by, cosigners: entry.cosigners
        ) { stream in
          let version = try next[stream] ?? ledger.version(of: stream) + 1
          next[stream] = version + 1
          return version
        }
      }
      let receipts = try ledger.append(envelopes).map { try $0.get() }
      return receipts[1].index
    }
  }
}
