import CanonicalJSON
import Events
import LedgerStore

extension TemporaryLedger {
  /// An approval whose comment is personal: a write through all three files.
  package func approval(_ words: String = "go ahead") throws -> SignedEnvelope {
    let person = GoldenKey.approver.owner
    let comment = try SealedValue(.string(words), of: person, random: random)
    let given = DraftEvent(
      kind: "approval.given.v1",
      data: ["action": "deployment.start", "comment": comment.sealed.json],
      in: .approval("production"), scope: Scope(environment: "production"))
    return try envelope(
      EntryDraft([given], expects: [.grant(person): 0]), by: [.approver], sealed: [comment])
  }
}
