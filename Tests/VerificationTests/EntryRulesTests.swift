import CanonicalJSON
import Foundation
import Testing

@testable import Verification

/// What kinds and data demand of one entry.
@Suite struct EntryRulesTests {
  private func findings(_ runs: [LedgerForge.Run], actor: String = "service") async throws
    -> [String]
  {
    var forge = try LedgerForge.staffed()
    forge.append(.init(actor: actor, runs: runs))
    return try await LedgerVerifier(workers: 1).verify(forge.ledger).findings
      .map { "\($0.position) \($0.error.name)" }
  }

  private func build(_ data: String) -> [LedgerForge.Run] {
    [.init("build.recorded", "build/tamma", 1, [data], application: "tamma")]
  }

  private static let id = "01a2ce8b-d018-7508-a730-b4ddeb3c3012"
  private static let hex = String(repeating: "0f", count: 32)

  @Test(
    arguments: [
      (#"{"a":{"$sealed":{"commitment":"\#(hex)","subject":"\#(id)"}}}"#, "sealedMissing"),
      (#"{"a":{"$sealed":{"commitment":"\#(hex)","subject":"x"}}}"#, "dataForm"),
      (#"{"a":{"$sealed":{"commitment":"0f","subject":"\#(id)"}}}"#, "dataForm"),
      (#"{"a":{"$sealed":{"commitment":"\#(hex)","more":1,"subject":"\#(id)"}}}"#, "dataForm"),
      (#"{"a":{"$sealed":{"commitment":"\#(hex)","subject":"\#(id)"},"b":1}}"#, "dataForm"),
      (#"{"$sealed":{"commitment":"\#(hex)","subject":"\#(id)"}}"#, "dataForm"),
      (
        #"{"a":[{"$blob":{"digest":"sha256:\#(hex)","mediaType":"text/plain","sizeBytes":0}}]}"#,
        nil
      ),
      (
        #"{"a":{"$blob":{"digest":"md5:\#(hex)","mediaType":"text/plain","sizeBytes":0}}}"#,
        "dataForm"
      ),
      (#"{"a":{"$blob":{"digest":"sha256:\#(hex)","mediaType":"x","sizeBytes":-1}}}"#, "dataForm"),
      (#"{"a":{"$ref":{"leaf":"\#(hex)","ledger":"\#(LedgerForge.origin)","position":0}}}"#, nil),
      (#"{"a":{"$ref":{"leaf":"\#(hex)","ledger":"tamma","position":0}}}"#, "dataForm"),
      (#"{"a":{"$secret":{}}}"#, "dataForm"), (#"{"a":{"b/c":1}}"#, "bodyForm"),
      (#"{"a":"$sealed","b":{"c":null}}"#, nil),
    ] as [(String, String?)])
  func `reserved objects are read strictly, and unknown ones refused`(
    data: String, error: String?
  ) async throws {
    #expect(try await findings(build(data)) == (error.map { ["2 \($0)"] } ?? []))
  }

  @Test(arguments: [
    (#"{"algorithm":"rsa","key":"K","owner":"O","role":"actor"}"#, "dataForm"),
    (#"{"algorithm":"ed25519","key":"00","owner":"O","role":"actor"}"#, "dataForm"),
    (#"{"algorithm":"ed25519","key":"K","owner":"x","role":"actor"}"#, "dataForm"),
    (#"{"algorithm":"ed25519","key":"K","owner":"O","role":"king"}"#, "dataForm"),
    (#"{"algorithm":"ed25519","key":"W","owner":"O","role":"actor"}"#, "dataForm"),
    (#"{"algorithm":"ed25519","key":"K","owner":"O","role":7}"#, "dataForm"),
  ])
  func `a registration is read strictly`(data: String, error: String) async throws {
    let key = GoldenFile.shared.key("stranger")
    let text = data.replacingOccurrences(of: "\"K\"", with: "\"\(key.spki)\"")
      .replacingOccurrences(of: "\"W\"", with: "\"\(GoldenFile.shared.key("newlog").spki)\"")
      .replacingOccurrences(of: "\"O\"", with: "\"\(key.owner)\"")
    let run = LedgerForge.Run("key.registered", "key/\(key.keyid)", 1, [text])
    #expect(try await findings([run], actor: "administrator") == ["2 \(error)"])
  }

  @Test(arguments: [
    LedgerForge.Run("key.revoked", "key/abc", 1, [#"{"reason":"x"}"#]),
    LedgerForge.Run("privacy.erased", "privacy/abc", 1, [#"{"basis":"x"}"#]),
    LedgerForge.Run("access.granted", "grant/abc", 1, ["{}"]),
    LedgerForge.Run("retention.applied", "retention/other", 1, ["{}"]),
    LedgerForge.Run("access.decided", "access/production", 1, ["{}"]),
    LedgerForge.Run("access.decided", "access/0", 1, ["{}"], environment: "production"),
    LedgerForge.Run("approval.given", "approval/0", 1, ["{}"]),
    LedgerForge.Run("build.recorded", "build/web", 1, ["{}"], application: "tamma"),
    LedgerForge.Run("build.recorded", "build/tamma", 1, ["{}"]),
    LedgerForge.Run("lease.taken", "lease/tamma", 1, ["{}"], application: "tamma"),
    LedgerForge.Run(
      "lease.taken", "leases/tamma.x", 1, ["{}"], application: "tamma", environment: "x"),
  ])
  func `a stream is its kind's, of the application and environment it names`(
    run: LedgerForge.Run
  ) async throws {
    #expect(try await findings([run]).first == "2 streamName")
  }

  @Test func `a decision on no environment stands in stream 0`() async throws {
    #expect(try await findings([.init("access.decided", "access/0", 1, ["{}"])]) == [])
  }

  @Test func `what must be decided on a stream expects it`() async throws {
    let runs: [LedgerForge.Run] = [
      .init(
        "configuration.applied", "configuration/tamma.production", 1, ["{}"], application: "tamma",
        environment: "production"),
      .init(
        "release.started", "release/tamma.production", 1, ["{}"], application: "tamma",
        environment: "production"),
    ]
    #expect(try await findings(runs) == ["2 expectsMissing"])
    #expect(try await findings(Array(runs.suffix(1))) == ["2 releaseNumber"])
  }

  @Test func `beside an unknown kind one release number may belong to it, two may not`()
    async throws
  {
    func release(_ version: Int, _ count: Int) -> [LedgerForge.Run] {
      [
        .init(
          "budget.alarmed", "budget/tamma.production", 1, ["{}"], application: "tamma",
          environment: "production"),
        .init(
          "release.started", "release/tamma.production", version,
          Array(repeating: "{}", count: count), application: "tamma", environment: "production"),
      ]
    }
    #expect(try await findings(release(1, 1)) == [])
    #expect(try await findings(release(1, 2)) == ["2 releaseNumber"])
  }

  @Test func `a kind whose rules are not known leaves the whole without a verdict`() async throws {
    var forge = try LedgerForge.staffed()
    forge.append(
      .init(runs: [
        .init(
          "lease.lent", "lease/tamma.production", 1, ["{}"], application: "tamma",
          environment: "production")
      ]))
    var ledger = forge.ledger
    ledger.checkpoints = [try forge.checkpoint(by: "log")]
    let report = try await LedgerVerifier().verify(ledger)

    #expect(report.isSound)
    #expect(report.unknownKinds.keys.sorted() == ["lease.lent.v1"])
    #expect(report.verdict == .inconclusive)
    #expect(report.uncovered.isEmpty)
    ledger.checkpoints = []
    #expect(try await LedgerVerifier().verify(ledger).uncovered == 0..<3)
  }

  @Test func `a clock ahead is as wrong as one behind, and late kinds are never early`()
    async throws
  {
    for (behind, error) in [(900, nil), (901, "clockSkew"), (-900, nil), (-901, "clockSkew")]
      as [(Int64, String?)]
    {
      var forge = try LedgerForge.staffed()
      forge.append(.init(runs: [.health(from: 1)], secondsBehind: behind))
      let report = try await LedgerVerifier().verify(forge.ledger)
      #expect(report.firstFinding?.error.name == error, "\(behind) s")
    }
    var forge = try LedgerForge.staffed()
    forge.append(
      .init(
        runs: [
          .init(
            "cost.imported", "cost/tamma.production", 1, ["{}"], application: "tamma",
            environment: "production")
        ], secondsBehind: -901))
    #expect(try await LedgerVerifier().verify(forge.ledger).firstFinding?.error.name == "clockSkew")
  }

  @Test func `findings beyond the limit are counted`() async throws {
    var forge = try LedgerForge.staffed()
    for _ in 0..<1002 {
      forge.append(.init(actor: "stranger", runs: [.health(from: 1)], secondsLater: 1))
    }
    let report = try await LedgerVerifier(workers: 2).verify(forge.ledger)
    #expect(report.findings.count == VerificationReport.findingsMax)
    #expect(report.findingCount == 2003)
    #expect(report.verdict == .broken)
  }

  @Test func `a pinned key that was never this log's is refused`() async throws {
    for vkey in [
      "x", GoldenFile.shared.key("newlog").vkey ?? "", GoldenFile.shared.key("witness").vkey ?? "",
    ] {
      let report = try await LedgerVerifier(pinned: vkey).verify(MemoryLedger.goldenWithCheckpoint)
      #expect(report.findings == [.init(position: 12, error: .pinUnknown(vkey: vkey))])
    }
    let pinned = LedgerVerifier(pinned: GoldenFile.shared.key("log").vkey)
    #expect(try await pinned.verify(MemoryLedger.goldenWithCheckpoint).verdict == .verified)
    #expect(try await pinned.verify(MemoryLedger.golden).verdict == .selfConsistent)
  }

}
