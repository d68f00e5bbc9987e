import CanonicalJSON
import Testing

@testable import Verification

/// Every error has its name and says both values that disagree.
@Suite struct VerificationErrorTests {
  private static let zero = Digest(bytes: [UInt8](repeating: 0, count: 32))
  private static let fault = FormFault(offset: 17, expected: "a key")
  private static let id = Identifier(high: 0x01a2_ce8b_d400_7000, low: 0x8000_0000_0000_0007)
  private static let origin = LedgerOrigin(stem: "web/uuid", incarnation: 2)
  private static let seen = SeenTree(root: zero, size: 9)

  /// Name, error, and what its words must contain.
  private static let entries: [(String, VerificationError, [String])] = [
    ("lineTooLong", .lineTooLong(bytes: 70_001), ["70001", "65535"]),
    ("lineForm", .lineForm(fault), ["byte 17", "a key"]),
    ("headerForm", .headerForm(fault), ["header", "byte 17"]),
    ("bodyTooLong", .bodyTooLong(bytes: 1_048_577), ["1048577", "1048576"]),
    ("bodyDigest", .bodyDigest(signed: zero, derived: Hashing.emptyRoot), ["0000", "e3b0"]),
    ("bodyForm", .bodyForm(fault), ["body", "byte 17"]),
    ("bodyMissing", .bodyMissing(.telemetry), ["telemetry", "retention.applied"]),
    ("bodyMissing", .bodyMissing(nil), ["no known class"]),
    ("dataForm", .dataForm(event: 3, fault), ["event 3"]),
    ("tooManyEvents", .tooManyEvents(count: 1001), ["1001", "1000"]),
    ("entryReused", .entryReused(id, first: 41), ["8000-000000000007", "41"]),
    (
      "ledgerMismatch", .ledgerMismatch(named: origin, valid: origin.successor),
      ["web/uuid/2", "web/uuid/3"]
    ),
    ("genesisMissing", .genesisMissing(kind: "a.b.v1"), ["a.b.v1", "ledger.created"]),
    ("genesisRepeated", .genesisRepeated(stream: "ledger/main"), ["ledger/main"]),
    (
      "recordedBackwards", .recordedBackwards(recorded: 0, previous: 1_000_000),
      ["1970-01-01T00:00:00.000000Z", "00:00:01"]
    ),
    ("clockSkew", .clockSkew(at: 0, recorded: 1_000_000), ["15 minutes", "00:00:01"]),
    ("seenAhead", .seenAhead(size: 13, position: 12), ["13", "12"]),
    ("seenRoot", .seenRoot(signed: seen, derived: Hashing.emptyRoot), ["0000", "e3b0", "9"]),
    ("seenRoot", .seenRoot(signed: seen, derived: nil), ["not provable"]),
    (
      "incarnationMismatch",
      .incarnationMismatch(named: seen, derived: .init(root: Hashing.emptyRoot, size: 8)),
      ["size 9", "size 8"]
    ),
    ("becauseUnknown", .becauseUnknown(id), ["000000000007"]),
    (
      "expectsMismatch", .expectsMismatch(stream: "grant/x", expected: 2, actual: 3),
      ["grant/x", "2", "3"]
    ),
    ("expectsMissing", .expectsMissing(kind: "a.b.v1", prefix: "grant"), ["a.b.v1", "grant/"]),
    (
      "versionNotNext", .versionNotNext(stream: "grant/x", version: 5, next: 4),
      ["grant/x", "5", "4"]
    ),
    ("kindUnknown", .kindUnknown(kind: "key.x.v1"), ["key.x.v1", "version that wrote it"]),
    ("streamName", .streamName(stream: "cost/x", kind: "a.b.v1"), ["cost/x", "a.b.v1"]),
    (
      "streamScope", .streamScope(stream: "cost/x", was: "a.b", named: "a.c"),
      ["cost/x", "a.b", "a.c"]
    ),
    ("scopeMixed", .scopeMixed("a.b", "a.c"), ["a.b", "a.c"]),
    ("classMixed", .classMixed(.evidence, .telemetry), ["evidence", "telemetry"]),
    ("releaseNumber", .releaseNumber(events: 2, needed: 1), ["2", "1"]),
    (
      "retentionForbidden", .retentionForbidden(class: "permanent", first: 3, last: 4),
      ["permanent", "3", "4"]
    ),
  ]

  private static let others: [(String, VerificationError, [String])] = [
    ("signatureInvalid", .signatureInvalid(keyid: zero), ["0000"]),
    ("keyUnknown", .keyUnknown(keyid: zero), ["0000", "not registered"]),
    ("keyNotValid", .keyNotValid(keyid: zero, registered: 3, revoked: 8), ["3", "8"]),
    ("actorUnsigned", .actorUnsigned(actor: id), ["000000000007"]),
    (
      "kindRole", .kindRole(kind: "a.b.v1", roles: [.service, .actor]),
      ["actor, service", "a.b.v1"]
    ),
    ("keyRepeated", .keyRepeated(keyid: zero, registered: 3), ["0000", "3"]),
    ("keyWeak", .keyWeak(keyid: zero), ["0000"]),
    ("registrationUnsigned", .registrationUnsigned(keyid: zero), ["0000"]),
    ("logKeyUnpaired", .logKeyUnpaired(keyid: zero), ["0000"]),
    ("quorumMissing", .quorumMissing(signed: 1, needed: 2), ["1", "2"]),
    ("sealedCommitment", .sealedCommitment(event: 2, pointer: "/reason"), ["2", "/reason"]),
    (
      "sealedMissing", .sealedMissing(event: 2, pointer: "/reason", subject: id),
      ["/reason", "000000000007"]
    ),
    ("checkpointForm", .checkpointForm("no note"), ["no note"]),
    ("checkpointOrigin", .checkpointOrigin(named: "x", valid: origin), ["x", "web/uuid/2"]),
    ("checkpointSize", .checkpointSize(signed: 12, entries: 11), ["12", "11"]),
    (
      "checkpointRoot", .checkpointRoot(size: 12, signed: zero, derived: Hashing.emptyRoot),
      ["12", "0000", "e3b0"]
    ),
    ("checkpointSignature", .checkpointSignature(size: 12, keyid: zero), ["12", "0000"]),
    ("checkpointSignature", .checkpointSignature(size: 12, keyid: nil), ["there is none"]),
    ("pinUnknown", .pinUnknown(vkey: "x+1+y"), ["x+1+y"]),
    ("trustedAhead", .trustedAhead(size: 12, entries: 11), ["12", "11"]),
    ("positionGap", .positionGap(found: 9), ["9"]),
    ("leafStored", .leafStored(stored: zero, derived: Hashing.emptyRoot), ["0000", "e3b0"]),
    ("entryStored", .entryStored(stored: "00ff", signed: id), ["00ff", "000000000007"]),
    ("runStored", .runStored(stored: "[a]", derived: "[b]"), ["[a]", "[b]"]),
    ("tileStored", .tileStored(level: 1, index: 7), ["1/7"]),
    ("countStored", .countStored(table: "run", stored: 3, derived: 4), ["run", "3", "4"]),
    ("anchorForm", .anchorForm("torn"), ["torn"]),
    ("anchorAhead", .anchorAhead(size: 12, entries: 11), ["12", "11"]),
  ]

  @Test func `every error has its name, and says the values that disagree`() {
    for (name, error, words) in VerificationErrorTests.entries + VerificationErrorTests.others {
      #expect(error.name == name)
      for word in words {
        #expect(error.description.contains(word), "\(name): \(error)")
      }
    }
  }

  @Test func `a finding says where it is`() {
    let finding = Finding(position: 7, error: .tooManyEvents(count: 1001))
    #expect(finding.description == "#7: the entry has 1001 events; 1000 are allowed")
  }
}
