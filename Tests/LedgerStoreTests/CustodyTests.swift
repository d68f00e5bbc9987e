import CanonicalJSON
import Cryptography
import Events
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// Who may change keys, the ledger itself, and what may be pruned, beyond the golden cases.
@Suite struct CustodyTests {
  let store: TemporaryLedger

  init() throws { store = try TemporaryLedger() }

  static func register(_ keys: GoldenKey...) -> [DraftEvent] {
    keys.map { DraftEvent($0.registration, in: .key($0.keyid)) }
  }

  static func revoke(_ key: GoldenKey, suspectFrom: Int? = nil) -> DraftEvent {
    DraftEvent(
      KeyRevoked(reason: "rotated", suspectFrom: suspectFrom), in: .key(key.keyid))
  }

  // MARK: - Genesis

  @Test func `a ledger begins with its creation`() throws {
    let empty = try TemporaryLedger(genesis: [])

    #expect(throws: AppendError.genesisMissing(kind: "health.checked.v1")) {
      try empty.append(.health(), by: [.service])
    }
    #expect(throws: AppendError.genesisMissing(kind: "retention.applied.v1")) {
      let mixed = EntryDraft(
        TemporaryLedger.genesis([.log, .administrator]).events + [
          DraftEvent(
            RetentionApplied(retention: .evidence, first: 0, last: 0), in: .retention)
        ])
      try empty.append(mixed, by: [.administrator, .log])
    }
    #expect(try empty.ledger.head().size == 0)
    #expect(try empty.ledger.head().origin == nil)
  }

  @Test func `genesis is incarnation 1`() throws {
    let empty = try TemporaryLedger(genesis: [])
    let second = try #require(
      Origin(name: empty.origin.name, log: empty.origin.log, incarnation: 2))
    let keys = [GoldenKey.administrator, .log]

    #expect(throws: AppendError.ledgerMismatch(named: second, valid: empty.origin)) {
      try empty.ledger.append(
        empty.envelope(TemporaryLedger.genesis(keys), by: keys, ledger: second))
    }
  }

  @Test func `genesis is co-signed by all its keys and has one log key`() throws {
    let empty = try TemporaryLedger(genesis: [])
    let keys = [GoldenKey.administrator, .log, .service]

    #expect(throws: AppendError.registrationUnsigned(GoldenKey.service.keyid)) {
      try empty.append(TemporaryLedger.genesis(keys), by: [.administrator, .log])
    }
    #expect(throws: AppendError.logKeyUnpaired(GoldenKey.administrator.keyid)) {
      try empty.append(TemporaryLedger.genesis([.administrator]), by: [.administrator])
    }
    #expect(throws: AppendError.logKeyUnpaired(GoldenKey.newLog.keyid)) {
      let two = [GoldenKey.administrator, .log, .newLog]
      try empty.append(TemporaryLedger.genesis(two), by: two)
    }
    #expect(throws: AppendError.keyRepeated(GoldenKey.service.keyid, registered: 0)) {
      // Not neighbours: two runs of one stream.
      let draft = TemporaryLedger.genesis(keys + [GoldenKey.recovery1])
      let again = draft.events + Self.register(.service)
      try empty.append(EntryDraft(again), by: keys + [.recovery1])
    }
    #expect(throws: AppendError.actorUnsigned(GoldenKey.stranger.owner)) {
      let envelope = try empty.envelope(
        TemporaryLedger.genesis(keys), by: [.stranger, .administrator, .log, .service])
      let known = envelope.signatures.filter { $0.keyid != GoldenKey.stranger.keyid }
      _ = try empty.ledger.append(
        SignedEnvelope(header: envelope.header, body: envelope.body, signatures: known))
    }
    try empty.append(TemporaryLedger.genesis(keys), by: keys)
    #expect(try empty.ledger.head().size == 1)
  }

  @Test func `genesis registers eight keys at most`() throws {
    let empty = try TemporaryLedger(genesis: [])
    let nine = GoldenKey.genesis + [.deployer, .approver, .witness]

    // The witness need not sign, so that eight signatures suffice.
    expectCode("headerForm") {
      try empty.append(
        TemporaryLedger.genesis(nine), by: [.administrator] + nine.filter { $0.role != .witness })
    }
  }

  // MARK: - Keys

  @Test func `a witness need not sign its registration`() throws {
    try store.append(EntryDraft(Self.register(.witness)), by: [.administrator])

    let key = try store.ledger.read { try $0.custody() }.keys[GoldenKey.witness.keyid]
    #expect(key?.role == .witness)
    #expect(key?.name == "witness.example/w1")
    #expect(key?.registered == 1)
  }

  @Test func `a key signs from the position after its registration up to its revocation`() throws {
    try store.append(EntryDraft(Self.register(.stranger)), by: [.administrator, .stranger])
    let key = GoldenKey.stranger.keyid
    let registered = try #require(try store.ledger.read { try $0.custody() }.keys[key])
    #expect(!registered.isValid(at: 1))
    #expect(registered.isValid(at: 2))

    try store.append(EntryDraft([Self.revoke(.stranger, suspectFrom: 1)]), by: [.administrator])

    let revoked = try #require(try store.ledger.read { try $0.custody() }.keys[key])
    #expect(revoked.isValid(at: 2))
    #expect(!revoked.isValid(at: 3))
    #expect(revoked.suspectFrom == 1)
    #expect(throws: AppendError.keyNotValid(key, registered: 1, revoked: 2)) {
      try store.append(EntryDraft([Self.revoke(.stranger)]), by: [.administrator])
    }
  }

  @Test func `a key that was never registered is not revoked`() throws {
    #expect(throws: AppendError.keyUnknown(GoldenKey.stranger.keyid)) {
      try store.append(EntryDraft([Self.revoke(.stranger)]), by: [.administrator])
    }
  }

  @Test func `nothing is suspect that is not there yet`() throws {
    expectCode("dataForm") {
      try store.append(
        EntryDraft([Self.revoke(.deployer, suspectFrom: 2)]), by: [.administrator])
    }
  }

  @Test func `a registration stands in the stream of its key`() throws {
    let draft = EntryDraft([
      DraftEvent(GoldenKey.stranger.registration, in: .key(GoldenKey.witness.keyid))
    ])

    expectCode("dataForm") { try store.append(draft, by: [.administrator, .stranger]) }
  }

  @Test func `two registrations of one key in an entry are one too many`() throws {
    let draft = EntryDraft(Self.register(.stranger, .witness, .stranger))

    #expect(throws: AppendError.keyRepeated(GoldenKey.stranger.keyid, registered: 1)) {
      try store.append(draft, by: [.administrator, .stranger])
    }
  }

  @Test func `a signature by a key that anybody can sign for is refused for that`() throws {
    let weak = [UInt8](repeating: 0, count: 31)
    let spki =
      GoldenKey.log.signing.publicKey.spki.prefix(12) + [1] + weak
    let keyid = Digest(bytes: SHA256.hash(Array(spki)))
    let registration = KeyRegistered(
      key: PublicKeyBytes(spki: Array(spki)), owner: GoldenKey.stranger.owner, role: .actor)
    let envelope = try store.envelope(
      EntryDraft([DraftEvent(registration, in: .key(keyid))]), by: [.administrator])
    let forged = EntrySignature(keyid: keyid, signature: Array(repeating: 0, count: 64))

    #expect(throws: AppendError.keyWeak(keyid)) {
      try store.ledger.append(
        SignedEnvelope(
          header: envelope.header, body: envelope.body,
          signatures: envelope.signatures + [forged]))
    }
  }

  // MARK: - Recovery

  @Test func `the quorum alone registers a key, one recovery key does not`() throws {
    let draft = EntryDraft(Self.register(.stranger))

    #expect(throws: AppendError.quorumMissing(signed: 1, needed: 2)) {
      try store.append(draft, by: [.recovery1, .stranger])
    }
    try store.append(draft, by: [.recovery1, .recovery3, .stranger])
    #expect(try store.ledger.head().size == 2)
  }

  @Test func `recovery keys come and go by the quorum only`() throws {
    let without = EntryDraft([Self.revoke(.recovery3)])

    #expect(throws: AppendError.quorumMissing(signed: 0, needed: 2)) {
      try store.append(without, by: [.administrator])
    }
    try store.append(without, by: [.administrator, .recovery1, .recovery2])
  }

  @Test func `a new recovery key needs the others`() throws {
    let fewer = try TemporaryLedger(genesis: [.log, .administrator, .recovery1, .recovery2])
    let draft = EntryDraft(Self.register(.recovery3))

    #expect(throws: AppendError.quorumMissing(signed: 1, needed: 2)) {
      try fewer.append(draft, by: [.administrator, .recovery1, .recovery3])
    }
    try fewer.append(draft, by: [.administrator, .recovery1, .recovery2, .recovery3])
  }

  // MARK: - The log's key

  @Test func `after a rotation the new log key signs, and the ledger opens with it`() throws {
    let rotation = EntryDraft(Self.register(.newLog) + [Self.revoke(.log)])
    let envelopes = try [
      store.envelope(rotation, by: [.administrator, .newLog, .log]),
      store.envelope(.health(), by: [.service]),
    ]

    let first = try store.ledger.append(envelopes[0])
    let second = try store.ledger.append(envelopes[1])

    let verifiers = try store.ledger.read { try $0.custody() }.verifierKeys()
    #expect(verifiers.map(\.key) == [GoldenKey.log, .newLog].map(\.signing.publicKey.raw))
    #expect(first.note.signatures.map(\.keyID) == [verifiers[0].keyID])
    #expect(second.note.signatures.map(\.keyID) == [verifiers[1].keyID])
    try store.reopen()
    #expect(try store.ledger.head().checkpoint == second.note)
  }

  @Test func `a rotation and the next entry in one batch are under the new key`() throws {
    let rotation = EntryDraft([Self.revoke(.log)] + Self.register(.newLog))

    let results = try store.ledger.append([
      store.envelope(rotation, by: [.administrator, .newLog, .log]),
      store.envelope(.health(), by: [.service]),
    ])

    let note = try results[0].get().note
    #expect(try Checkpoint(parsing: note.text).size == 3)
    let verifier = try store.ledger.read { try $0.custody() }.verifierKeys()[1]
    #expect(note.signatures.map(\.keyID) == [verifier.keyID])
  }

  @Test func `a log key comes and goes only with the other`() throws {
    #expect(throws: AppendError.logKeyUnpaired(GoldenKey.newLog.keyid)) {
      try store.append(
        EntryDraft(Self.register(.newLog)), by: [.administrator, .newLog, .log])
    }
    #expect(throws: AppendError.logKeyUnpaired(GoldenKey.log.keyid)) {
      try store.append(EntryDraft([Self.revoke(.log)]), by: [.administrator, .log])
    }
  }

  @Test func `the quorum replaces the log key only together with an administrator`() throws {
    let rotation = EntryDraft(Self.register(.newLog) + [Self.revoke(.log)])

    #expect(throws: AppendError.kindRole("key.registered.v1", roles: [.administrator])) {
      try store.append(rotation, by: [.recovery1, .recovery2, .newLog])
    }
  }

  // MARK: - Incarnations

  @Test func `an incarnation continues this ledger's tree under the next origin`() throws {
    let head = try store.ledger.head()
    let next = try #require(
      Origin(name: store.origin.name, log: store.origin.log, incarnation: 2))
    let signers = [GoldenKey.administrator, .recovery1, .recovery2]
    func started(_ root: Digest, previous: Origin? = nil) -> EntryDraft {
      EntryDraft([
        DraftEvent(
          IncarnationStarted(
            lost: MachineWords("unknown"), previous: previous ?? store.origin, root: root,
            size: head.size), in: .ledger)
      ])
    }

    let wrong = Seen(root: TestHashing().empty, size: 1)
    #expect(throws: AppendError.incarnationMismatch(named: wrong, actual: head.seen)) {
      try store.ledger.append(
        store.envelope(started(wrong.root), by: signers, ledger: next))
    }
    #expect(throws: AppendError.ledgerMismatch(named: next, valid: store.origin)) {
      try store.ledger.append(
        store.envelope(started(head.root, previous: next), by: signers, ledger: next))
    }
    #expect(throws: AppendError.ledgerMismatch(named: store.origin, valid: next)) {
      try store.append(started(head.root), by: signers)
    }
    let other = try #require(Origin(name: "other", log: next.log, incarnation: 2))
    #expect(throws: AppendError.ledgerMismatch(named: other, valid: store.origin)) {
      try store.ledger.append(store.envelope(started(head.root), by: signers, ledger: other))
    }

    let receipt = try store.ledger.append(
      store.envelope(started(head.root), by: signers, ledger: next))

    #expect(try Checkpoint(parsing: receipt.note.text).origin == next.description)
    let custody = try store.ledger.read { try $0.custody() }
    #expect(custody.origins == [store.origin, next])
    #expect(custody.origin(at: 0) == store.origin)
    #expect(custody.positions(of: store.origin) == 0..<1)
    #expect(custody.positions(of: other) == nil)
    try store.append(.health(), by: [.service])
    try store.reopen()
    #expect(try store.ledger.head().origin == next)
  }

  // MARK: - Retention

  @Test(arguments: [(RetentionClass.permanent, 0), (.telemetry, 1), (.evidence, 7)])
  func `retention covers earlier bodies that are not permanent`(
    retention: RetentionClass, last: Int
  ) throws {
    let applied = RetentionApplied(retention: retention, first: 0, last: last)

    #expect(throws: AppendError.retentionForbidden(retention, first: 0, last: last)) {
      try store.append(EntryDraft([DraftEvent(applied, in: .retention)]), by: [.administrator])
    }
  }
}
