import CanonicalJSON
import Cryptography
import Events
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// What an append answers, apart from what the golden file already says.
@Suite struct AppendTests {
  let store: TemporaryLedger

  init() throws { store = try TemporaryLedger() }

  @Test func `a repeated envelope gets a receipt for its first position`() throws {
    let envelope = try store.envelope(.health(), by: [.service])
    let first = try store.ledger.append(envelope)
    try store.append(.health(), by: [.service])
    store.time.advance(milliseconds: 3_600_000)

    let again = try store.ledger.append(envelope)

    #expect(again.index == first.index)
    #expect(again.extra == first.extra)
    #expect(try Checkpoint(parsing: again.note.text).size == 3)
    try expectValid(again)
    try Rederivation(path: store.path).check(size: 3)
  }

  @Test func `an envelope twice in one batch is recorded once`() throws {
    let envelope = try store.envelope(.health(), by: [.service])

    let results = try store.ledger.append([envelope, envelope])

    #expect(try results[0].get() == results[1].get())
    #expect(try store.ledger.head().size == 2)
  }

  @Test func `an id with another header is refused with its position`() throws {
    let envelope = try store.envelope(.health(), by: [.service])
    let header = try EntryHeader(parsing: envelope.header)
    _ = try store.ledger.append(envelope)
    let other = EntryHeader(
      actor: header.actor, at: store.time.now().adding(milliseconds: 1), because: [],
      behalf: nil, body: header.body, entry: header.entry, events: header.events, expects: [:],
      ledger: header.ledger, seen: header.seen)

    #expect(throws: AppendError.entryReused(header.entry, first: 1)) {
      try store.ledger.append(SignedEnvelope(header: other, body: envelope.body, by: [.service]))
    }
  }

  @Test func `one bad entry fails alone and its neighbours go on`() throws {
    let staging = EntryDraft.health(environment: "staging")
    let good = try [
      store.envelope(.health(2), by: [.service]), store.envelope(staging, by: [.service]),
    ]
    let bad = try store.envelope(staging, by: [.deployer])

    let results = try store.ledger.append([good[0], bad, good[1]])

    #expect(try results[0].get().index == 1)
    #expect(throws: AppendError.kindRole("health.checked.v1", roles: [.service])) {
      try results[1].get()
    }
    #expect(try results[2].get().index == 2)
    for result in results where (try? result.get()) != nil { try expectValid(result.get()) }
    try Rederivation(path: store.path).check(size: 3)
  }

  @Test func `entries of one batch continue each other's streams`() throws {
    let first = try store.envelope(.health(2), by: [.service])
    let header = try EntryHeader(parsing: first.header)
    let run = header.events[0]
    let next = EntryHeader(
      actor: header.actor, at: header.at, because: [header.entry], behalf: nil, body: header.body,
      entry: EntryID.make(at: header.at, random: store.random.bytes(10)),
      events: [
        EventRun(scope: run.scope, count: 2, kind: run.kind, stream: run.stream, version: 3)
      ], expects: [:], ledger: header.ledger, seen: header.seen)

    let results = try store.ledger.append([
      first, SignedEnvelope(header: next, body: first.body, by: [.service]),
    ])

    #expect(try results.map { try $0.get().index } == [1, 2])
    #expect(try store.ledger.version(of: run.stream) == 4)
  }

  @Test func `a conflict names the stream and both versions`() throws {
    let envelopes = try [
      store.envelope(.health(2), by: [.service]), store.envelope(.health(), by: [.service]),
    ]
    _ = try store.ledger.append(envelopes[0])

    let error = AppendError.versionNotNext("health/tamma.production", expected: 0, actual: 2)
    #expect(throws: error) { try store.ledger.append(envelopes[1]) }
    #expect(
      error.description == """
        Nothing was recorded: health/tamma.production is at version 2, and this was decided at 0. \
        See what changed with `stele log --stream health/tamma.production`, then try again.
        """)
  }

  @Test(arguments: [0, 9])
  func `none or nine signatures are no line`(count: Int) throws {
    let envelope = try store.envelope(.health(), by: [.service])
    let signatures = (0..<count).map { index in
      EntrySignature(
        keyid: Digest(bytes: Array(repeating: UInt8(index), count: 32)),
        signature: Array(repeating: 0, count: 64))
    }

    expectCode("lineForm") {
      try store.ledger.append(
        SignedEnvelope(header: envelope.header, body: envelope.body, signatures: signatures))
    }
  }

  @Test func `a signature twice, or of another length, is no line`() throws {
    let envelope = try store.envelope(.health(), by: [.service])
    let one = envelope.signatures[0]
    let short = EntrySignature(keyid: one.keyid, signature: Array(one.signature.dropLast()))

    for signatures in [[one, one], [short]] {
      expectCode("lineForm") {
        try store.ledger.append(
          SignedEnvelope(header: envelope.header, body: envelope.body, signatures: signatures))
      }
    }
  }

  @Test func `a line too long to be a leaf is refused before it is read`() throws {
    let envelope = SignedEnvelope(
      header: Array(repeating: 0x41, count: 50_000), body: [],
      signatures: [
        EntrySignature(keyid: GoldenKey.service.keyid, signature: Array(repeating: 0, count: 64))
      ])

    expectCode("lineTooLong") { try store.ledger.append(envelope) }
  }

  @Test func `a body that the header does not bind is refused with both digests`() throws {
    let envelope = try store.envelope(.health(), by: [.service])
    let body = envelope.body + [0x20]

    let error = #expect(throws: AppendError.self) {
      try store.ledger.append(
        SignedEnvelope(header: envelope.header, body: body, signatures: envelope.signatures))
    }
    let signed = try EntryHeader(parsing: envelope.header).body
    let derived = Digest(bytes: SHA256.hash(EntryBody.digestPrefix + body))
    #expect(error == .bodyDigest(signed: signed, derived: derived))
  }

  @Test func `a clock that slips by a second is held, one that goes back further is refused`()
    throws
  {
    try store.append(.health(), by: [.service])
    let newest = store.time.now()
    store.time.advance(milliseconds: -1_000)

    let receipt = try store.append(.health(), by: [.service])
    #expect(try EntryLine(parsing: try #require(receipt.extra)).recorded == newest)

    store.time.advance(milliseconds: -1)
    let now = store.time.now()
    #expect(throws: AppendError.recordedBackwards(recorded: now, previous: newest)) {
      try store.append(.health(), by: [.service])
    }
  }

  @Test func `seen must name a tree, except in genesis`() throws {
    let envelope = try store.envelope(.health(), by: [.service])
    let header = try EntryHeader(parsing: envelope.header)
    let unseen = EntryHeader(
      actor: header.actor, at: header.at, because: [], behalf: nil, body: header.body,
      entry: header.entry, events: header.events, expects: [:], ledger: header.ledger,
      seen: Seen(root: TestHashing().empty, size: 0))

    expectCode("headerForm") {
      try store.ledger.append(SignedEnvelope(header: unseen, body: envelope.body, by: [.service]))
    }
  }

  @Test func `an unread expectation is missed`() throws {
    let approval = EntryDraft([
      DraftEvent(
        kind: "approval.given.v1", data: [:], in: .approval("production"),
        scope: Scope(environment: "production"))
    ])

    expectCode("expectsMissing") { try store.append(approval, by: [.approver]) }
  }

  @Test func `a ledger opened for reading records nothing`() throws {
    let envelope = try store.envelope(.health(), by: [.service])
    let reading = try store.another(for: .reading)

    #expect(throws: LedgerError.readOnly(path: store.path + "/ledger.sqlite")) {
      try reading.append(envelope)
    }
  }

  @Test func `without the log's key nothing is recorded`() throws {
    var secrets = store.secrets
    secrets.logKeys = [GoldenKey.stranger.signing]
    let envelope = try store.envelope(.health(), by: [.service])
    try store.reopen(secrets: secrets)

    #expect(throws: LedgerError.logKeyMissing(keyid: GoldenKey.log.keyid)) {
      try store.ledger.append(envelope)
    }
    try Rederivation(path: store.path).check(size: 1)
  }

  private func expectValid(_ receipt: Receipt) throws {
    let checkpoint = try Checkpoint(parsing: receipt.note.text)
    let leaf = TestHashing().leaf(try #require(receipt.extra))
    #expect(
      receipt.inclusionProof(under: checkpoint).isValid(
        leafHash: leaf, root: checkpoint.root, using: TestHashing()))
  }
}

/// The work is refused with the error that the format calls `code`.
func expectCode(
  _ code: String, sourceLocation: SourceLocation = #_sourceLocation,
  _ work: () throws -> some Any
) {
  let error = #expect(throws: AppendError.self, sourceLocation: sourceLocation) { _ = try work() }
  #expect(error?.code == code, sourceLocation: sourceLocation)
}
