import CanonicalJSON
import Events
import LedgerStore
import TestKit
import Testing
import TransparencyLog

/// Entries that somebody without the right made, offered to the real store: each refused by name,
/// and nothing recorded.
@Suite struct ForgedEntryTests {
  let store: TemporaryLedger

  init() throws {
    store = try TemporaryLedger()
    try store.append(.health(), by: [.service])
  }

  private func expectRefused(
    _ expected: AppendError, _ envelope: SignedEnvelope,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try store.ledger.head()
    #expect(throws: expected, sourceLocation: sourceLocation) { try store.ledger.append(envelope) }
    #expect(try store.ledger.head().root == before.root, sourceLocation: sourceLocation)
  }

  private func approval() throws -> EntryDraft {
    EntryDraft(
      [
        DraftEvent(
          kind: "approval.given.v1", data: ["action": "deployment.start"],
          in: .approval("production"), scope: Scope(environment: "production"))
      ], expects: [.grant(GoldenKey.approver.owner): 0])
  }

  private func revoke(_ key: GoldenKey) throws {
    let event = DraftEvent(
      KeyRevoked(reason: "lost", suspectFrom: nil), in: .key(key.keyid))
    try store.append(EntryDraft([event]), by: [.administrator])
  }

  @Test func `a revoked key approves nothing any more, also with an older view`() throws {
    let before = try store.envelope(approval(), by: [.approver])
    try revoke(.approver)
    let after = try store.envelope(approval(), by: [.approver])

    let refusal = AppendError.keyNotValid(GoldenKey.approver.keyid, registered: 0, revoked: 2)
    try expectRefused(refusal, before)
    try expectRefused(refusal, after)
  }

  @Test func `a key that nobody registered signs nothing`() throws {
    try expectRefused(
      .keyUnknown(GoldenKey.stranger.keyid), store.envelope(approval(), by: [.stranger]))
  }

  @Test func `a key of another role is refused with the roles that may`() throws {
    try expectRefused(
      .kindRole("approval.given.v1", roles: [.actor, .administrator]),
      store.envelope(approval(), by: [.service]))
  }

  @Test func `somebody else's key does not sign for the actor`() throws {
    let envelope = try store.envelope(approval(), by: [.approver, .deployer])

    let others = envelope.signatures.filter { $0.keyid == GoldenKey.deployer.keyid }
    try expectRefused(
      .actorUnsigned(GoldenKey.approver.owner),
      SignedEnvelope(header: envelope.header, body: envelope.body, signatures: others))
  }

  @Test func `a back-dated approval is refused with both clocks`() throws {
    let envelope = try store.envelope(approval(), by: [.approver])
    let signed = try EntryHeader(parsing: envelope.header).at
    store.time.advance(milliseconds: 15 * 60_000 + 1)

    try expectRefused(
      .form(.clockSkew(at: signed, recorded: store.time.now())), envelope)
  }

  @Test func `an approval decided before what it approves has changed is refused`() throws {
    let early = try store.envelope(approval(), by: [.approver])
    try store.append(approval(), by: [.approver])

    try expectRefused(
      .versionNotNext(.approval("production"), expected: 0, actual: 1), early)
  }

  @Test func `an approval that claims a tree of later is refused`() throws {
    let other = try TemporaryLedger()
    for _ in 0..<3 { try other.append(.health(), by: [.service]) }

    try expectRefused(
      .seenAhead(size: 4, actual: 2), other.envelope(approval(), by: [.approver]))
  }

  @Test func `an approval of another history is refused with both roots`() throws {
    let other = try TemporaryLedger()
    try other.append(.health(2), by: [.service])
    let seen = try other.ledger.head().seen

    try expectRefused(
      .seenRoot(size: 2, named: seen.root, actual: try store.ledger.head().root),
      other.envelope(approval(), by: [.approver]))
  }

  @Test func `an entry for another ledger is refused with both origins`() throws {
    let named = try Origin(parsing: "other/d6e783f2-e0bb-42df-8968-fc88bfaa7910/1")

    try expectRefused(
      .ledgerMismatch(named: named, valid: store.origin),
      store.envelope(approval(), by: [.approver], ledger: named))
  }

  @Test func `a replayed id with other bytes is refused with its position`() throws {
    let first = try store.envelope(approval(), by: [.approver])
    _ = try store.ledger.append(first)
    let header = try EntryHeader(parsing: first.header)
    let text = String(decoding: first.header, as: UTF8.self)
    let forged = text.replacing("\"size\":2", with: "\"size\":1")
    #expect(text != forged)
    let other = try EntryHeader(parsing: Array(forged.utf8))

    try expectRefused(
      .entryReused(header.entry, first: 2),
      SignedEnvelope(header: other, body: first.body, by: [.approver]))
  }

  // MARK: - Signatures at the edges of Ed25519

  static let forgeries: [(name: String, change: @Sendable ([UInt8]) -> [UInt8])] = [
    ("one bit", { [$0[0] ^ 1] + $0.dropFirst() }),
    ("R of small order", { [1] + Array(repeating: 0, count: 31) + $0.suffix(32) }),
    (
      "R of small order, not canonical",
      { [0xEE] + Array(repeating: 0xFF, count: 30) + [0x7F] + $0.suffix(32) }
    ),
    ("R and S nothing", { _ in [1] + Array(repeating: 0, count: 63) }),
    ("S and the order of the group", { $0.prefix(32) + plusOrder(Array($0.suffix(32))) }),
    ("S beyond everything", { $0.prefix(32) + Array(repeating: 0xFF, count: 32) }),
  ]

  @Test(arguments: forgeries.map(\.name))
  func `a signature that is not canonical, or of small order, is none`(name: String) throws {
    let change = try #require(Self.forgeries.first { $0.name == name }).change
    let envelope = try store.envelope(approval(), by: [.approver])
    let forged = envelope.signatures.map {
      EntrySignature(keyid: $0.keyid, signature: change($0.signature))
    }

    try expectRefused(
      .signatureInvalid(GoldenKey.approver.keyid),
      SignedEnvelope(header: envelope.header, body: envelope.body, signatures: forged))
  }

  /// The same S to whoever does not compare it with the order of the group.
  private static func plusOrder(_ scalar: [UInt8]) -> [UInt8] {
    let order =
      [
        0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE,
        0x14,
      ] + [UInt8](repeating: 0, count: 15) + [0x10]
    var carry = 0
    return zip(scalar, order).map { byte, addend in
      let sum = Int(byte) + Int(addend) + carry
      carry = sum >> 8
      return UInt8(truncatingIfNeeded: sum)
    }
  }
}
