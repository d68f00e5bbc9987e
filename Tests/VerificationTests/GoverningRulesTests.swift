import CanonicalJSON
import Testing

@testable import Verification

/// Who may do what to keys, origin and retention, on ledgers made for each rule.
@Suite struct GoverningRulesTests {
  var forge: LedgerForge

  init() throws { forge = try LedgerForge.staffed() }

  /// Appends `draft` as the last entry and gives what is found in the whole ledger.
  private func findings(
    _ forge: LedgerForge, _ draft: LedgerForge.Draft
  ) async throws -> [String] {
    var forge = forge
    forge.append(draft)
    let report = try await LedgerVerifier(workers: 1).verify(forge.ledger)
    return report.findings.map { "\($0.position) \($0.error.name)" }
  }

  @Test func `a forged ledger of right entries is sound`() async throws {
    #expect(try await findings(forge, .init(runs: [.health(from: 1, count: 3)])) == [])
  }

  @Test func `an administrator and the key itself register a key`() async throws {
    let draft = LedgerForge.Draft(
      actor: "administrator", signers: ["administrator", "stranger"],
      runs: [.registration(of: "stranger")])
    #expect(try await findings(forge, draft) == [])
  }

  @Test func `m recovery keys register a key without an administrator`() async throws {
    let draft = LedgerForge.Draft(
      actor: "recovery1", signers: ["recovery1", "recovery2", "stranger"],
      runs: [.registration(of: "stranger")])
    #expect(try await findings(forge, draft) == [])
  }

  @Test func `one recovery key of two registers nothing`() async throws {
    let draft = LedgerForge.Draft(
      actor: "recovery1", signers: ["recovery1", "stranger"],
      runs: [.registration(of: "stranger")])
    #expect(try await findings(forge, draft) == ["2 quorumMissing"])
  }

  @Test func `a recovery key is added by recovery keys and by no administrator`() async throws {
    var draft = LedgerForge.Draft(
      actor: "administrator", signers: ["administrator", "stranger"],
      runs: [.registration(of: "stranger", role: "recovery")])
    #expect(try await findings(forge, draft) == ["2 quorumMissing"])

    draft.signers = ["administrator", "stranger", "recovery1", "recovery3"]
    #expect(try await findings(forge, draft) == [])
  }

  @Test func `a recovery key is revoked by recovery keys and by no administrator`() async throws {
    var draft = LedgerForge.Draft(
      actor: "administrator", runs: [.revocation(of: "recovery3")])
    #expect(try await findings(forge, draft) == ["2 quorumMissing"])

    draft.signers = ["administrator", "recovery1", "recovery3"]
    #expect(try await findings(forge, draft) == [])
  }

  @Test func `a witness's key is registered without its signature, and with its name`() async throws
  {
    var draft = LedgerForge.Draft(
      actor: "administrator",
      runs: [.registration(of: "witness", extra: "\"name\":\"witness.example/w1\",")])
    #expect(try await findings(forge, draft) == [])

    draft.runs = [.registration(of: "witness")]
    #expect(try await findings(forge, draft) == ["2 dataForm"])
  }

  @Test func `a key registered twice in one entry is repeated`() async throws {
    let draft = LedgerForge.Draft(
      actor: "administrator", signers: ["administrator", "stranger", "newlog"],
      runs: [
        .registration(of: "stranger"), .registration(of: "newlog", role: "actor"),
        .registration(of: "stranger", version: 2),
      ])
    #expect(try await findings(forge, draft) == ["2 keyRepeated"])
  }

  @Test mutating func `a revoked key signs up to its revocation and not after`() async throws {
    forge.append(.init(actor: "administrator", runs: [.revocation(of: "deployer", suspectFrom: 1)]))
    let draft = LedgerForge.Draft(
      actor: "deployer",
      runs: [
        .init(
          "build.recorded", "build/tamma", 1, ["{}"], application: "tamma")
      ])
    #expect(try await findings(forge, draft) == ["3 keyNotValid"])

    let report = try await LedgerVerifier(workers: 1).verify(forge.ledger)
    let deployer = GoldenFile.shared.key("deployer").keyid
    #expect(report.suspectKeys.map(\.keyid.hex) == [deployer])
    #expect(report.suspectKeys.first?.from == 1)
    #expect(report.suspectKeys.first?.revoked == 2)
  }

  @Test mutating func `a key that was never registered, or is revoked, cannot be revoked`()
    async throws
  {
    let unknown = LedgerForge.Draft(
      actor: "administrator", runs: [.revocation(of: "stranger", version: 1)])
    #expect(try await findings(forge, unknown) == ["2 keyUnknown"])

    forge.append(.init(actor: "administrator", runs: [.revocation(of: "deployer")]))
    let again = LedgerForge.Draft(
      actor: "administrator", runs: [.revocation(of: "deployer", version: 3)])
    #expect(try await findings(forge, again) == ["3 keyNotValid"])
  }

  @Test func `a log key comes only with the revocation of the old, and goes only with a new`()
    async throws
  {
    let onlyNew = LedgerForge.Draft(
      actor: "administrator", signers: ["administrator", "newlog", "log"],
      runs: [.registration(of: "newlog")])
    #expect(try await findings(forge, onlyNew) == ["2 logKeyUnpaired"])

    let onlyOld = LedgerForge.Draft(
      actor: "administrator", signers: ["administrator", "log"], runs: [.revocation(of: "log")])
    #expect(try await findings(forge, onlyOld) == ["2 logKeyUnpaired"])
  }

  @Test func `what a key has yet to sign cannot be doubted`() async throws {
    let ahead = LedgerForge.Draft(
      actor: "administrator", runs: [.revocation(of: "deployer", suspectFrom: 3)])
    #expect(try await findings(forge, ahead) == ["2 dataForm"])
    let here = LedgerForge.Draft(
      actor: "administrator", runs: [.revocation(of: "deployer", suspectFrom: 2)])
    #expect(try await findings(forge, here) == [])
  }

  @Test func `a rotation without the old key's signature is forged, unless m recovery keys sign`()
    async throws
  {
    let runs: [LedgerForge.Run] = [.registration(of: "newlog"), .revocation(of: "log")]
    let forged = LedgerForge.Draft(
      actor: "administrator", signers: ["administrator", "newlog"], runs: runs)
    #expect(try await findings(forge, forged) == ["2 quorumMissing"])
    let unsigned = LedgerForge.Draft(
      actor: "administrator", signers: ["administrator", "log"], runs: runs)
    #expect(try await findings(forge, unsigned) == ["2 registrationUnsigned"])
    let recovered = LedgerForge.Draft(
      actor: "administrator", signers: ["administrator", "newlog", "recovery1", "recovery2"],
      runs: runs)
    #expect(try await findings(forge, recovered) == [])
  }

  @Test func `recovery keys alone do not replace the log key`() async throws {
    let draft = LedgerForge.Draft(
      actor: "recovery1", signers: ["recovery1", "recovery2", "newlog"],
      runs: [.registration(of: "newlog"), .revocation(of: "log")])
    #expect(try await findings(forge, draft) == ["2 kindRole"])
  }

  @Test mutating func `after a rotation the new key signs checkpoints, one entry later`()
    async throws
  {
    forge.append(
      .init(
        actor: "administrator", signers: ["administrator", "newlog", "log"],
        runs: [.registration(of: "newlog"), .revocation(of: "log")]))
    var ledger = forge.ledger
    ledger.checkpoints = [try forge.checkpoint(by: "log")]
    #expect(try await LedgerVerifier().verify(ledger).checkpointSize == 3)
    ledger.checkpoints = [try forge.checkpoint(by: "newlog")]
    #expect(
      try await LedgerVerifier().verify(ledger).firstFinding?.error.name == "checkpointSignature")

    forge.append(.init(runs: [.health(from: 1)]))
    ledger = forge.ledger
    ledger.checkpoints = [try forge.checkpoint(by: "newlog")]
    let verifier = LedgerVerifier(pinned: GoldenFile.shared.key("log").vkey)
    let report = try await verifier.verify(ledger)
    #expect(report.findings == [])
    #expect(report.verdict == .verified)
  }

  @Test mutating func `what an unauthorised entry would do does not take effect`() async throws {
    forge.append(
      .init(
        actor: "service", signers: ["service", "stranger"], runs: [.registration(of: "stranger")]))
    let draft = LedgerForge.Draft(
      actor: "stranger",
      runs: [.init("build.recorded", "build/tamma", 1, ["{}"], application: "tamma")])
    #expect(try await findings(forge, draft) == ["2 kindRole", "3 keyUnknown"])
  }

  @Test(arguments: [
    (#"{"class":"telemetry","first":0,"last":2}"#, "retentionForbidden"),
    (#"{"class":"telemetry","first":1,"last":0}"#, "retentionForbidden"),
    (#"{"class":"weekly","first":0,"last":0}"#, "retentionForbidden"),
    (#"{"class":"evidence","first":0}"#, "dataForm"),
    (#"{"class":"evidence","first":0,"last":-1}"#, "dataForm"),
    (#"{"class":"evidence","extra":1,"first":0,"last":0}"#, "dataForm"),
  ])
  func `retention names earlier entries of a class that is not permanent`(
    data: String, error: String
  ) async throws {
    let draft = LedgerForge.Draft(
      actor: "administrator", runs: [.init("retention.applied", "retention/main", 1, [data])])
    #expect(try await findings(forge, draft) == ["2 \(error)"])
  }

  @Test func `an incarnation names the common size and root, and the origin before it`()
    async throws
  {
    func draft(_ size: Int, _ root: Digest, _ previous: String) -> LedgerForge.Draft {
      let data =
        #"{"lost":"unknown","previous":"\#(previous)","root":"\#(root)","size":\#(size)}"#
      return LedgerForge.Draft(
        actor: "administrator", signers: ["administrator", "recovery1", "recovery2"],
        runs: [.init("ledger.incarnation_started", "ledger/main", 2, [data])],
        origin: String(LedgerForge.origin.dropLast()) + "2")
    }
    let root = forge.tree.root
    #expect(try await findings(forge, draft(2, root, LedgerForge.origin)) == [])
    #expect(
      try await findings(forge, draft(1, root, LedgerForge.origin)) == ["2 incarnationMismatch"])
    let other = String(LedgerForge.origin.dropLast()) + "7"
    #expect(try await findings(forge, draft(2, root, other)) == ["2 ledgerMismatch"])
    #expect(try await findings(forge, draft(2, root, "tamma")) == ["2 dataForm"])
  }

  @Test mutating func `entries and checkpoints after an incarnation are under its origin`()
    async throws
  {
    let root = forge.tree.root
    let data =
      #"{"lost":"unknown","previous":"\#(LedgerForge.origin)","root":"\#(root)","size":2}"#
    let next = String(LedgerForge.origin.dropLast()) + "2"
    forge.append(
      .init(
        actor: "administrator", signers: ["administrator", "recovery1", "recovery2"],
        runs: [.init("ledger.incarnation_started", "ledger/main", 2, [data])], origin: next))
    forge.append(.init(runs: [.health(from: 1)]))
    var ledger = forge.ledger
    ledger.checkpoints = [try forge.checkpoint()]
    #expect(try await LedgerVerifier().verify(ledger).findings == [])

    ledger.checkpoints = [try forge.checkpoint(origin: LedgerForge.origin)]
    let report = try await LedgerVerifier().verify(ledger)
    #expect(report.firstFinding?.error.name == "checkpointOrigin")
  }
}
