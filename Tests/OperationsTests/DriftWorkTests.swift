import Access
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Platforms
import Projections
import TestKit
import Testing

@testable import Operations

/// Scans on a simulated platform: what is seen, what is recorded of it, and what is not.
@Suite struct DriftWorkTests {
  let shop: Shop
  let web: RunningReplica

  init() async throws {
    shop = try await Shop()
    try await shop.deploy("first")
    web = try #require(await shop.platform.running().first { $0.spec.component == "web" })
  }

  func scan(files: Sighting<JSONObject>? = nil, by signer: Signer? = nil) async throws
    -> DriftReport
  {
    let files = try files ?? .seen(shop.configuration().recorded)
    return try await DriftWork(shop.session, runtimes: shop.runtimes).scan(
      Shop.staging, files: files, by: signer ?? shop.person)
  }

  func stray(_ instance: InstanceName = "web-stray") async throws -> RunningReplica {
    let spec = web.spec
    return try await shop.platform.start(
      ReplicaSpec(
        environment: spec.environment, component: spec.component, instance: instance,
        build: spec.build, intent: "by hand", command: spec.command,
        workingDirectory: spec.workingDirectory, variables: spec.variables, wantsPort: true,
        logDirectory: spec.logDirectory, health: spec.health))
  }

  private func drifts() async throws -> Drifts { try await shop.session.state().drifts }

  @Test func `what a deployment has just proven is alike in every leaf`() async throws {
    let report = try await scan()

    #expect(report.findings == [])
    #expect(report.exitStatus == .success)
    #expect(report.scanned.accuracyPpm == 1_000_000)
    #expect(report.scanned.release == 1)
    #expect(try await drifts().scan(of: Shop.staging)?.content == report.scanned)
  }

  @Test func `a value that a process was started with is found once and resolved once`()
    async throws
  {
    let variable = try #require(web.spec.variables["STELE_CONFIGURATION"])
    await shop.platform.show(
      ["STELE_CONFIGURATION": variable.replacing("eu-central-1", with: "us-east-1")],
      of: web.spec.instance)

    let first = try await scan()
    let second = try await scan()

    #expect(first.exitStatus == .different)
    #expect(first.findings.map(\.path?.text) == ["infrastructure.region"])
    #expect(first.findings.first?.running?.text == "us-east-1")
    #expect(first.news.found == first.findings)
    #expect(second.findings == first.findings)
    #expect(second.news == DriftNews(open: [], now: []))
    #expect(try await drifts().open(in: Shop.staging) == first.findings)

    await shop.platform.show([:], of: web.spec.instance)
    let third = try await scan()

    #expect(third.exitStatus == .success)
    #expect(third.news.resolved == first.findings)
    #expect(try await drifts().open(in: Shop.staging) == [])
  }

  @Test func `another value of the same leaf is another finding`() async throws {
    for region in ["us-east-1", "us-west-1"] {
      let variable = try #require(web.spec.variables["STELE_CONFIGURATION"])
      await shop.platform.show(
        ["STELE_CONFIGURATION": variable.replacing("eu-central-1", with: region)],
        of: web.spec.instance)
      let report = try await scan()
      #expect(report.news.found.map(\.running?.text) == [region])
    }
    #expect(try await drifts().open(in: Shop.staging).map(\.running?.text) == ["us-west-1"])
  }

  @Test func `a missing replica, a stray and a server that nobody wants are found`() async throws {
    _ = try await stray()
    let worker = try #require(
      await shop.platform.running().first { $0.spec.component == "worker" })
    await shop.platform.crash(worker.spec.instance)
    try await shop.runtimes.router.setServers([
      "web": [RouterServer(instance: "web-stray", port: 7)]
    ])

    let report = try await scan()

    #expect(report.exitStatus == .different)
    let found = Set(report.findings.map { "\($0.sort.rawValue) \($0.path?.text ?? "-")" })
    #expect(
      found == [
        "changed replicas", "unrecorded -", "missing -", "changed web/web-stray",
        "changed web/\(web.spec.instance)",
      ])
  }

  @Test func `an agent that is not there is a finding, and resolves nothing`() async throws {
    _ = try await stray()
    #expect(try await scan().exitStatus == .different)
    let before = try await drifts().open(in: Shop.staging)
    shop.runtimes.silence(.agentNotReached(socket: "agent.sock", reason: "nobody listens"))

    let blind = try await scan()

    #expect(blind.exitStatus == .inconclusive)
    #expect(blind.findings.map(\.sort) == [.notCompared, .notCompared])
    #expect(blind.findings.map(\.part) == [.replicas, .router])
    #expect(blind.scanned.equal == 0)
    #expect(blind.scanned.leaves > 0)
    #expect(blind.news.resolved == [])
    #expect(Set(try await drifts().open(in: Shop.staging)) == Set(before + blind.findings))

    shop.runtimes.silence(nil)
    _ = try await shop.platform.stop("web-stray", graceMs: 0)
    let seeing = try await scan()
    #expect(seeing.exitStatus == .success)
    #expect(Set(seeing.news.resolved) == Set(before + blind.findings))
  }

  @Test func `a process that cannot be read is no pass`() async throws {
    await shop.platform.show(nil, of: web.spec.instance)

    let report = try await scan()

    #expect(report.exitStatus == .inconclusive)
    #expect(report.findings.map(\.instance) == [web.spec.instance])
    #expect(report.findings.first?.reason?.text.contains("Permission denied") == true)
    #expect(report.scanned.equal < report.scanned.leaves)
  }

  @Test func `secrets are compared by name and version, and never read from a process`()
    async throws
  {
    let spec = web.spec
    func exchange(_ variable: String) async throws -> DriftReport {
      _ = try await shop.platform.stop(spec.instance, graceMs: 0)
      let secret = ReplicaSecret(
        application: "shop", origin: try #require(SecretOrigin(dataText: "token")), version: 2,
        variable: variable, isFile: false)
      let other = try await shop.platform.start(
        ReplicaSpec(
          environment: spec.environment, component: spec.component, instance: spec.instance,
          build: spec.build, intent: spec.intent, command: spec.command,
          workingDirectory: spec.workingDirectory, variables: spec.variables, secrets: [secret],
          wantsPort: true, logDirectory: spec.logDirectory, health: spec.health))
      try await shop.runtimes.router.setServers([
        "web": [RouterServer(instance: spec.instance, port: try #require(other.port))]
      ])
      return try await scan()
    }

    let named = try await exchange("TOKEN")
    let hidden = try await exchange("STELE_FLAGS")

    #expect(
      named.findings.map(\.path?.text) == [
        "secrets.TOKEN.file", "secrets.TOKEN.from", "secrets.TOKEN.version",
      ])
    #expect(named.findings.map(\.running?.text) == ["false", "token", "2"])
    #expect(hidden.exitStatus == .inconclusive)
    #expect(
      hidden.findings.contains { $0.reason?.text == "STELE_FLAGS is one of its secrets" })
  }

  @Test func `files that are wrong are no pass, and files that say more are not deployed`()
    async throws
  {
    #expect(try await scan(files: .unseen("it is no YAML")).exitStatus == .inconclusive)
    try shop.files.describe("Others")

    let report = try await scan()

    #expect(report.exitStatus == .different)
    #expect(report.findings.map(\.sort) == [.notDeployed])
    #expect(report.findings.first?.path?.text == "description")
    #expect(report.findings.first?.files?.text == "Others")
    #expect(report.findings.first?.running?.text == "For tests")
    #expect(report.scanned.accuracyPpm == 1_000_000)
  }

  @Test func `while a deployment has not ended nothing is compared`() async throws {
    shop.runtimes.gate.shut()
    let driver = try await shop.drive("second")

    let report = try await scan()

    #expect(report.exitStatus == .inconclusive)
    #expect(report.findings.allSatisfy { $0.sort == .notCompared })
    #expect(report.scanned.accuracyPpm == nil)
    shop.runtimes.gate.open()
    #expect(try await driver.value == .succeeded)
  }

  @Test func `where nothing was deployed whatever runs is unrecorded`() async throws {
    let empty = try await Shop()
    _ = try await empty.platform.start(web.spec)

    let report = try await DriftWork(empty.session, runtimes: empty.runtimes).scan(
      Shop.staging, files: .seen([:]), by: empty.person)

    #expect(report.findings.map(\.sort) == [.changed, .unrecorded])
    #expect(report.scanned.release == nil)
  }

  @Test func `where nothing is to take requests a router that sends some is found`() async throws {
    let empty = try await Shop()
    try await empty.runtimes.router.ensureRunning([Frontend(name: "web", port: 8080)])
    try await empty.runtimes.router.setServers(["web": [RouterServer(instance: "web-1", port: 7)]])

    let report = try await DriftWork(empty.session, runtimes: empty.runtimes).scan(
      Shop.staging, files: .seen([:]), by: empty.person)

    #expect(report.exitStatus == .different)
    #expect(report.findings.map(\.path?.text) == ["web", "web/web-1"])
    #expect(report.findings.map(\.part) == [.router, .router])
  }

  @Test
  func `a router that is there and says nothing is no pass, also where it is to have nothing`()
    async throws
  {
    let whole = try await scan().scanned
    let silent = RouterError.notRunning(socket: "router.sock", reason: "no answer")
    shop.runtimes.hush(silent)
    let empty = try await Shop()
    empty.runtimes.hush(silent)

    let blind = try await scan()
    let nothing = try await DriftWork(empty.session, runtimes: empty.runtimes).scan(
      Shop.staging, files: .seen([:]), by: empty.person)

    #expect(blind.exitStatus == .inconclusive)
    #expect(blind.scanned.leaves == whole.leaves)
    #expect(blind.scanned.equal == whole.equal - 2)
    #expect(nothing.exitStatus == .inconclusive)
    #expect(nothing.findings.map(\.part) == [.router])
    #expect(nothing.scanned.accuracyPpm == 0)
  }

  @Test func `a rolled back release is compared with what it brought back`() async throws {
    await shop.spoil(try await shop.build("second"))
    #expect(try await shop.deploy("second").word == "rolledBack")

    #expect(try await scan().findings == [])
  }

  @Test func `many findings are recorded in several entries, the scan last`() async throws {
    for number in 0..<200 {
      _ = try await stray(InstanceName(stringLiteral: "web-s\(number)"))
    }

    let report = try await scan()

    #expect(report.findings.count == 201)
    #expect(try await drifts().open(in: Shop.staging).count == 201)
    let last = try #require(try await drifts().scan(of: Shop.staging))
    #expect(last.content.found == 201)
    #expect(last.position == (try shop.session.ledger.head().size) - 1)
    #expect(try await scan().news.found == [])
  }

  @Test func `who was granted nothing sees nothing, and an auditor may scan`() async throws {
    let stranger = try await shop.stranger()
    let before = try await drifts()
    await #expect(throws: AccessDenied.self) { try await scan(by: stranger) }
    #expect(try await drifts() == before)

    _ = try await shop.session.record(
      EntryDraft([
        DraftEvent(
          AccessGranted(
            actor: stranger.actor, applications: .all, environments: .all, role: .auditor),
          in: .grant(stranger.actor))
      ]), by: shop.session.signer(.administrator))
    #expect(try await scan(by: stranger).exitStatus == .success)
  }

  @Test func `every scan rests on a decision, and one that does not is named`() async throws {
    _ = try await scan()
    #expect(try findings() == [])

    let scanned = DriftScanned(leaves: 1, equal: 1, found: 0, notCompared: 0)
    _ = try await shop.session.recordFact(
      EntryDraft([
        DraftEvent(scanned, in: .drift("shop", "staging"), scope: Shop.staging.scope)
      ]), by: shop.session.signer(.service))

    #expect(try findings().map(\.what) == ["rests on no decision"])
  }

  private func findings() throws -> [EntitlementFinding] {
    try shop.session.ledger.read { try Entitlement(of: $0).findings }
  }
}
