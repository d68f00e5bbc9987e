import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import TestKit

/// Signs what the simulation's people and services want recorded, as clients do.
struct Author {
  let reference: ReferenceLedger
  let time: FixedTime
  let random: SeededRandom

  static let genesisKeys = GoldenKey.genesis + [.deployer, .approver]
  static let environments: [EnvironmentName] = ["development", "staging", "production"]

  func genesis() throws -> Attempt {
    try attempt(
      TemporaryLedger.genesis(Self.genesisKeys), by: [.administrator] + Self.genesisKeys,
      seeing: 0)
  }

  /// `count` results of a probe: no personal value, one stream.
  ///
  /// - Parameters:
  ///   - ahead: Versions to leave out for entries of the same batch.
  ///   - size: The history that the signer has verified.
  func health(
    _ count: Int, in environment: EnvironmentName, ahead: Int = 0, seeing size: Int
  ) throws -> Attempt {
    try attempt(
      .health(count, environment: environment), by: [.service], ahead: ahead, seeing: size)
  }

  /// A personal comment that the vault must keep.
  func approval(seeing size: Int) throws -> Attempt {
    let comment = try SealedValue(
      .string("comment \(size)"), of: GoldenKey.approver.owner, random: random)
    let draft = EntryDraft(
      [
        DraftEvent(
          kind: "approval.given.v1",
          data: ["action": "deployment.start", "comment": comment.sealed.json],
          in: .approval("production"), scope: Scope(environment: "production"))
      ], expects: [.grant(GoldenKey.approver.owner): 0])
    return try attempt(draft, by: [.approver], sealed: [comment], seeing: size)
  }

  /// What follows when entries were lost: the next origin, from all that is left.
  func incarnation() throws -> Attempt {
    let size = reference.size
    let started = IncarnationStarted(
      lost: MachineWords("unknown"), previous: reference.origin,
      root: reference.root(ofSize: size), size: size)
    return try attempt(
      EntryDraft([DraftEvent(started, in: .ledger)]),
      by: [.administrator, .recovery1, .recovery2], ledger: reference.origin.next, seeing: size)
  }

  /// The signature is over something else.
  func forged(seeing size: Int) throws -> Attempt {
    let real = try health(1, in: "staging", seeing: size)
    let signatures = real.envelope.signatures.map {
      EntrySignature(keyid: $0.keyid, signature: GoldenKey.service.signing.sign([0]))
    }
    return Attempt(
      envelope: SignedEnvelope(
        header: real.envelope.header, body: real.envelope.body, signatures: signatures),
      header: real.header, isForged: true)
  }

  private func attempt(
    _ draft: EntryDraft, by keys: [GoldenKey], ledger: Origin? = nil, ahead: Int = 0,
    sealed: [SealedValue] = [], seeing size: Int
  ) throws -> Attempt {
    let body = try draft.body(salt: random.bytes(Limits.saltBytes)).canonicalBytes()
    let header = draft.header(
      entry: EntryID.make(at: time.now(), random: random.bytes(10)), actor: keys[0].owner,
      at: time.now(), ledger: ledger ?? reference.origin,
      seen: Seen(root: reference.root(ofSize: size), size: size),
      body: Digest(bytes: SHA256.hash(EntryBody.digestPrefix + body)),
      nextVersion: { reference.version(of: $0) + 1 + ahead })
    var signers: [GoldenKey] = []
    for key in keys where !signers.contains(where: { $0.keyid == key.keyid }) {
      signers.append(key)
    }
    return Attempt(
      envelope: SignedEnvelope(header: header, body: body, by: signers, sealed: sealed),
      header: header)
  }
}
