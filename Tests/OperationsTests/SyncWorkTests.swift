import Access
import CanonicalJSON
import Environments
import Events
import Glibc
import LedgerStore
import Platforms
import Projections
import Rollouts
import SecretStore
import Synchronization
import TestKit
import Testing

@testable import Operations

/// What runs is brought back to what the ledger says, on a simulated platform.
@Suite struct SyncWorkTests {
  let shop: Shop
  let web: RunningReplica
  let worker: RunningReplica

  init() async throws {
    shop = try await Shop()
    try await shop.deploy("first")
    let running = await shop.platform.running()
    web = try #require(running.first { $0.spec.component == "web" })
    worker = try #require(running.first { $0.spec.component == "worker" })
  }

  private var work: SyncWork { SyncWork(shop.session, runtimes: shop.runtimes) }

  @discardableResult
  private func synchronize(by signer: Signer? = nil) async throws -> SyncReport {
    try await work.synchronize(
      Shop.staging, files: .seen(shop.configuration().recorded), by: signer ?? shop.person
    ) { _ in }
  }

  /// What was recorded of syncs and leases after the entry at `size`, in words.
  private func story(after size: Int) throws -> [String] {
    let end = try self.size()
    return try shop.session.ledger.read { reader in
      var words: [String] = []
      try reader.forEachRecorded(in: size..<end) { recorded in
        switch recorded.event {
        case .sync(.started): words.append("started")
        case .sync(.stepStarted(let step)):
          words.append("\(step.step) \(step.action.rawValue)")
        case .sync(.stepFinished(let step)): words.append("\(step.step) \(step.outcome.rawValue)")
        case .sync(.ended(let end)): words.append("ended \(end.outcome.rawValue)")
        case .lease(.taken): words.append("lease taken")
        case .lease(.released): words.append("lease released")
        default: break
        }
      }
      return words
    }
  }

  private func size() throws -> Int { try shop.session.ledger.head().size }

  private func spec(
    of replica: RunningReplica, as instance: InstanceName? = nil, greeting: String = "hi"
  ) -> ReplicaSpec {
    let spec = replica.spec
    return ReplicaSpec(
      environment: spec.environment, component: spec.component,
      instance: instance ?? spec.instance, build: spec.build, intent: "by hand",
      command: spec.command + [greeting], workingDirectory: spec.workingDirectory,
      variables: spec.variables, wantsPort: spec.wantsPort, logDirectory: spec.logDirectory,
      health: spec.health)
  }

  /// Somebody stops a replica and starts it otherwise.
  private func exchange(_ replica: RunningReplica) async throws {
    _ = try await shop.platform.stop(replica.spec.instance, graceMs: 0)
    _ = try await shop.platform.start(spec(of: replica))
  }

  private func servers() async throws -> [RouterServer] {
    try await shop.runtimes.router.state().frontends["web"]?.map(\.server) ?? []
  }

  @Test func `where nothing differs nothing is done, and the scan is recorded`() async throws {
    let before = try size()

    #expect(try await work.plan(Shop.staging).isEmpty)
    #expect(try size() == before)
    let report = try await synchronize()

    #expect(report.ended == nil)
    #expect(report.exitStatus == .success)
    #expect(try story(after: before) == [])
    #expect(try await shop.session.state().drifts.scan(of: Shop.staging) != nil)
  }

  @Test func `a missing replica is started under its own name, each step before and after`()
    async throws
  {
    await shop.platform.crash(worker.spec.instance)
    let before = try size()
    #expect(try await work.plan(Shop.staging).steps == [.start(worker.spec.instance)])

    let report = try await synchronize()

    #expect(report.exitStatus == .success)
    #expect(
      try story(after: before) == [
        "started", "lease taken", "1 replica.start", "1 done", "ended done", "lease released",
      ])
    let running = await shop.platform.running()
    #expect(running.map(\.spec.instance).sorted() == [web, worker].map(\.spec.instance).sorted())
    #expect(try await shop.session.state().leases.lease(in: Shop.staging) == nil)
    #expect(report.drift.scanned.accuracyPpm == 1_000_000)
  }

  @Test func `who takes requests and differs is replaced while a helper takes them`() async throws {
    try await exchange(web)
    let name = web.spec.instance
    let plan = try await work.plan(Shop.staging)
    guard case .start(let helper)? = plan.steps.first else {
      Issue.record("no helper: \(plan.steps)")
      return
    }
    #expect(helper != name)
    #expect(
      plan.steps == [
        .start(helper), .route(to: [name, helper].sorted()), .route(to: [helper]), .drain(name),
        .stop(name), .start(name), .route(to: [name, helper].sorted()), .route(to: [name]),
        .drain(helper), .stop(helper),
      ])

    let report = try await synchronize()

    #expect(report.exitStatus == .success)
    let now = try #require(
      await shop.platform.running().first { $0.spec.component == "web" })
    #expect(now.spec.command == web.spec.command)
    #expect(now.spec.instance == name)
    #expect(try await servers() == [RouterServer(instance: name, port: try #require(now.port))])
    let changes = await shop.runtimes.router.changes
    #expect(changes.allSatisfy { $0["web"]?.isEmpty == false })
  }

  @Test func `what the ledger does not know is ended, and gets no requests`() async throws {
    let stray = try await shop.platform.start(spec(of: web, as: "web-stray"))
    try await shop.runtimes.router.setServers([
      "web": [
        RouterServer(instance: web.spec.instance, port: try #require(web.port)),
        RouterServer(instance: "web-stray", port: try #require(stray.port)),
      ]
    ])
    #expect(
      try await work.plan(Shop.staging).steps == [
        .route(to: [web.spec.instance]), .stop("web-stray"),
      ])

    #expect(try await synchronize().exitStatus == .success)

    #expect(try await servers().map(\.instance) == [web.spec.instance])
    #expect(await !shop.platform.running().contains { $0.spec.instance == "web-stray" })
    #expect(await shop.platform.running().contains { $0 == web })
  }

  /// After a restore, when the agent has just started what the ledger wants.
  @Test func `what the ledger does not know answers until what is to answer instead is well`()
    async throws
  {
    let stray = try await shop.platform.start(spec(of: web, as: "web-later"))
    let port = try #require(stray.port)
    try await shop.runtimes.router.setServers([
      "web": [RouterServer(instance: stray.spec.instance, port: port)]
    ])
    let lapsed = HealthChanged(
      component: "web", instance: web.spec.instance, from: .healthy, to: .unknown,
      reason: "not probed for 60000 ms")
    _ = try await shop.session.recordFact(
      EntryDraft([
        DraftEvent(lapsed, in: .health("shop", "staging"), scope: Shop.staging.scope)
      ]), by: shop.session.signer(.service))
    shop.runtimes.gate.shut()
    let routed = Mutex<[Set<Int>]>([])
    let platform = InterruptedPlatform(
      shop.platform,
      afterLook: { [shop] in
        let ports = (try? await shop.routedPorts()) ?? []
        let looks = routed.withLock { routed in
          routed.append(ports)
          return routed.count
        }
        if looks == 20 { shop.runtimes.gate.open() }
      })

    let report = try await SyncWork(
      shop.session, runtimes: ChangedRuntimes(shop.runtimes, platform: platform)
    ).synchronize(
      Shop.staging, files: .seen(shop.configuration().recorded), by: shop.person
    ) { _ in }

    #expect(report.exitStatus == .success)
    #expect(routed.withLock { Array($0.prefix(20)) } == Array(repeating: [port], count: 20))
    #expect(try await shop.routedPorts() == [try #require(web.port)])
    #expect(await !shop.platform.running().contains(stray))
  }

  @Test func `an artifact that is gone is no difference of what runs`() async throws {
    _ = try await shop.removeArtifact(of: "web", in: web.spec.build)

    #expect(try await work.plan(Shop.staging).isEmpty)
    let report = try await synchronize()

    #expect(report.drift.findings == [])
    #expect(report.exitStatus == .success)
  }

  @Test func `whom it could not start again it does not end, and names what brings it back`()
    async throws
  {
    try await exchange(web)
    let path = try await shop.removeArtifact(of: "web", in: web.spec.build)
    let there = await shop.platform.running()
    let before = try size()
    let gone = DeploymentError.artifactGone("staging", "web", path: path)

    await #expect(throws: gone) { try await work.plan(Shop.staging) }
    await #expect(throws: gone) { try await synchronize() }

    #expect(gone.description.contains("`stele build`"))
    #expect(try story(after: before) == [])
    #expect(await shop.platform.running() == there)
  }

  @Test func `an artifact that nothing is started from may be gone`() async throws {
    let paths = try shop.files.artifacts("second")
    try shop.files.write("#!/bin/sh\necho another\n", to: "dist/second/worker/run")
    let made = try await BuildWork(shop.session).make(
      "shop", from: paths, change: Shop.change(), by: shop.person)
    _ = try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
      shop.wish(made.digest), by: shop.person, observer: { _ in })
    let running = await shop.platform.running()
    let last = try #require(running.first { $0.spec.component == "worker" })
    await shop.platform.crash(last.spec.instance)
    _ = try await shop.removeArtifact(of: "web", in: made.digest)

    #expect(try await synchronize().exitStatus == .success)
  }

  @Test func `a router that does not run is brought up with its servers`() async throws {
    await shop.runtimes.router.stop()
    #expect(try await work.plan(Shop.staging).steps == [.route(to: [web.spec.instance])])

    #expect(try await synchronize().exitStatus == .success)

    #expect(try await servers().map(\.instance) == [web.spec.instance])
  }

  @Test func `resolved differences are recorded after it`() async throws {
    try await exchange(worker)
    let drift = DriftWork(shop.session, runtimes: shop.runtimes)
    let files = Sighting.seen(try shop.configuration().recorded)
    let found = try await drift.scan(Shop.staging, files: files, by: shop.person)
    #expect(found.findings.map(\.path?.text) == ["command"])

    let report = try await synchronize()

    #expect(report.drift.news.resolved == found.findings)
    #expect(try await shop.session.state().drifts.open(in: Shop.staging) == [])
  }

  @Test func `a step that fails ends it, and what runs goes on running`() async throws {
    await shop.platform.behave(.with { $0.startFailure = "no memory" }) { _ in true }
    await shop.platform.crash(worker.spec.instance)
    let before = try size()

    let report = try await synchronize()

    #expect(report.ended?.outcome == .failed)
    #expect(report.ended?.reason?.text.contains("no memory") == true)
    #expect(report.exitStatus == .negative)
    #expect(try story(after: before).suffix(3) == ["1 failed", "ended failed", "lease released"])
    #expect(await shop.platform.running() == [web])
  }

  @Test func `a replica that ends as soon as it is asked is not waited for`() async throws {
    await shop.spoil(web.spec.build)
    await shop.platform.crash(web.spec.instance)

    let report = try await synchronize()

    #expect(report.exitStatus == .negative)
    #expect(report.ended?.reason?.text.contains("it ended by itself") == true)
    #expect(try await shop.session.state().leases.lease(in: Shop.staging) == nil)
  }

  @Test func `what its agent has begun to start meanwhile is taken as it is`() async throws {
    try shop.files.write(replicas: 2)
    try await shop.deploy("second")
    let webs = await shop.platform.running().filter { $0.spec.component == "web" }
    let last = try #require(webs.last)
    await shop.platform.crash(last.spec.instance)
    let platform = InterruptedPlatform(shop.platform) { [shop] in
      _ = try? await shop.platform.start(last.spec)
    }
    let runtimes = ChangedRuntimes(shop.runtimes, platform: platform)
    let before = try size()

    let report = try await SyncWork(shop.session, runtimes: runtimes).synchronize(
      Shop.staging, files: .seen(shop.configuration().recorded), by: shop.person
    ) { _ in }

    #expect(report.exitStatus == .success)
    #expect(try story(after: before).contains("1 done"))
    #expect(await shop.platform.running().map(\.spec).contains(last.spec))
    #expect(
      Set(try await servers().map(\.instance)) == Set(webs.map(\.spec.instance)))
  }

  @Test func `a start that did not prove to be well is not proven once more`() async throws {
    await shop.platform.crash(web.spec.instance)
    shop.runtimes.gate.shut()
    let runtimes = ChangedRuntimes(
      shop.runtimes, platform: LateSight(shop.runtimes, of: web.spec.instance))

    let report = try await SyncWork(shop.session, runtimes: runtimes).synchronize(
      Shop.staging, files: .seen(shop.configuration().recorded), by: shop.person
    ) { _ in }

    #expect(report.ended?.outcome == .failed)
    #expect(report.ended?.reason?.text.contains("it ended by itself") == true)
  }

  @Test func `the lease is renewed while a replica takes its time`() async throws {
    await shop.platform.crash(worker.spec.instance)
    let sight = shop.runtimes.sight(of: "staging")
    let scan = try await DriftReader(session: shop.session, sight: sight).scan(
      Shop.staging, files: .seen([:]))
    let projected = try #require(scan.projected)
    try await shop.hold(.this)
    let first = try #require(try await shop.session.state().leases.lease(in: Shop.staging))
    let driver = SyncDriver(
      journal: DeploymentJournal(
        session: shop.session, deployment: projected.running.deployment, place: Shop.staging,
        service: try await shop.session.signer(.service),
        leaseVersion: try await shop.session.state().leases.version(in: Shop.staging)),
      place: Shop.staging, runtime: try await shop.runtimes.runtime(of: "staging"),
      observer: { _ in }, renewalPause: .milliseconds(1))
    shop.runtimes.gate.shut()

    let driving = Task {
      try await driver.drive(SyncPlan(scan, of: projected), projected, scan.replicas)
    }
    let isRenewed = try await eventually {
      let lease = try await shop.session.state().leases.lease(in: Shop.staging)
      return lease.map { $0.until > first.until } ?? false
    }
    #expect(isRenewed)
    shop.runtimes.gate.open()

    #expect(try await driving.value == SyncEnded(outcome: .done))
    #expect(try await shop.session.state().leases.lease(in: Shop.staging) == nil)
  }

  /// Meanwhile its agent keeps things up again: what was decided before is stale.
  @Test func `a sync that slept past its lease does nothing more, and renews nothing`()
    async throws
  {
    await shop.platform.crash(web.spec.instance)
    await shop.platform.crash(worker.spec.instance)
    let platform = InterruptedPlatform(shop.platform) { [shop] in
      shop.time.advance(milliseconds: RolloutDriver.leaseMs)
    }
    let runtimes = ChangedRuntimes(shop.runtimes, platform: platform)
    let before = try size()

    await #expect(throws: LeaseLost(environment: "staging", deployment: nil)) {
      try await SyncWork(shop.session, runtimes: runtimes).synchronize(
        Shop.staging, files: .seen([:]), by: shop.person
      ) { _ in }
    }

    #expect(try story(after: before) == ["started", "lease taken", "1 replica.start"])
    #expect(await shop.platform.running().count == 1)
    let lease = try #require(try await shop.session.state().leases.lease(in: Shop.staging))
    #expect(!lease.isHeld(at: shop.time.now()))
  }

  @Test func `what is no more to be seen once it has the lease gives the lease back`()
    async throws
  {
    await shop.platform.crash(worker.spec.instance)
    let before = try size()
    let runtimes = ChangedRuntimes(shop.runtimes, platform: shop.platform, sights: 1)

    await #expect(throws: SyncError.self) {
      try await SyncWork(shop.session, runtimes: runtimes).synchronize(
        Shop.staging, files: .seen([:]), by: shop.person
      ) { _ in }
    }

    #expect(
      try story(after: before) == ["started", "lease taken", "ended failed", "lease released"])
    #expect(await shop.platform.running() == [web])
  }

  @Test func `while it goes on a deployment is refused and the agent rests`() async throws {
    await shop.platform.crash(worker.spec.instance)
    try shop.files.write()
    await shop.platform.crash(web.spec.instance)
    shop.runtimes.gate.shut()
    let companion = await shop.companion()
    let sync = Task { [self] in try await synchronize() }
    try #require(
      await eventually {
        try await shop.session.state().leases.lease(in: Shop.staging) != nil
      })

    #expect(await companion.round(on: shop.platform) == 1_000)
    await #expect {
      try await shop.deploy("second")
    } throws: {
      ($0 as? DeploymentError)?.exitStatus == .locked && "\($0)".contains("a sync holds staging")
    }
    await #expect { try await work.plan(Shop.staging) } throws: {
      ($0 as? DeploymentError)?.exitStatus == .locked
    }
    shop.runtimes.gate.open()
    #expect(try await sync.value.exitStatus == .success)
  }

  @Test func `a rollback does not wait for it: it takes the environment, and the sync is over`()
    async throws
  {
    try await shop.deploy("second")
    let running = await shop.platform.running()
    let web = try #require(running.first { $0.spec.component == "web" })
    await shop.platform.crash(web.spec.instance)
    for replica in running where replica != web { await shop.platform.crash(replica.spec.instance) }
    let before = try size()
    shop.runtimes.gate.shut()
    let sync = Task { [self] in try await synchronize() }
    try #require(await eventually { try story(after: before).contains("1 replica.start") })

    let (end, isAsWanted) = try await RollbackWork(shop.session, runtimes: shop.runtimes).rollBack(
      shop.plan(), by: shop.person, on: RollbackWork.Grounds(),
      resting: shop.session.authorize(.rollBack, by: shop.person, in: Shop.staging),
      started: { [shop] _, _ in shop.runtimes.gate.open() }, observer: { _ in })

    #expect(end == .succeeded)
    #expect(isAsWanted)
    await #expect(throws: LeaseLost.self) { try await sync.value }
    #expect(try story(after: before).filter { $0.hasPrefix("2") || $0.hasPrefix("ended") } == [])
    let first = try await shop.build("first")
    let companion = await shop.companion()
    _ = await companion.round(on: shop.platform)
    #expect(await shop.platform.running().map(\.spec.build) == [first, first])
    #expect(try await shop.disagreements() == [])
    #expect(try await shop.unentitled() == [])
  }

  @Test func `while a deployment goes on it is refused`() async throws {
    shop.runtimes.gate.shut()
    let driver = try await shop.drive("second")

    await #expect { try await synchronize() } throws: {
      ($0 as? DeploymentError)?.exitStatus == .locked
    }
    shop.runtimes.gate.open()
    #expect(try await driver.value == .succeeded)
  }

  @Test func `where it is not certain what is to run nothing is changed`() async throws {
    try shop.files.write(automatic: false)
    await shop.spoil(try await shop.build("second"))
    #expect(try await shop.deploy("second").word == "held")
    let before = await shop.platform.running()

    await #expect { try await synchronize() } throws: {
      ($0 as? SyncError)?.exitStatus == .inconclusive && "\($0)".contains("is mixed")
    }
    await #expect(throws: SyncError.self) { try await work.plan(Shop.staging) }
    #expect(await shop.platform.running() == before)
    let empty = try await Shop()
    await #expect(
      throws: SyncError.nothingCertain("staging", reason: "nothing was deployed")
    ) {
      try await SyncWork(empty.session, runtimes: empty.runtimes).plan(Shop.staging)
    }
  }

  @Test func `what is not seen is not changed`() async throws {
    shop.runtimes.silence(.agentNotReached(socket: "agent.sock", reason: "nobody listens"))

    await #expect { try await work.plan(Shop.staging) } throws: {
      ($0 as? SyncError)?.exitStatus == .inconclusive && "\($0)".contains("nobody listens")
    }
  }

  @Test func `an agent that missed a replica before it does not start another one`() async throws {
    shop.time.goOn()
    let companion = await shop.companion()
    _ = await companion.round(on: shop.platform)
    await shop.platform.crash(worker.spec.instance)
    #expect(try await synchronize().exitStatus == .success)
    let there = await shop.platform.running()

    await companion.replicaEnded(
      ReplicaEnd(replica: worker, exit: .signal(9), wasAsked: false))
    for _ in 1...2 { _ = await companion.round(on: shop.platform) }

    #expect(await shop.platform.running() == there)
    #expect(try await shop.observations().contains("worker unknown → unhealthy") == false)
  }

  @Test func `what a sync had stopped that died is started again by the agent`() async throws {
    shop.time.stop()
    let companion = await shop.companion()
    _ = await companion.round(on: shop.platform)
    try await shop.hold(.this)
    let exit = try await shop.platform.stop(web.spec.instance, graceMs: 0)
    await companion.replicaEnded(ReplicaEnd(replica: web, exit: exit, wasAsked: true))
    _ = await companion.round(on: shop.platform)
    #expect(await shop.platform.running() == [worker])

    shop.time.advance(milliseconds: 30_001)
    _ = await companion.round(on: shop.platform)

    #expect(await shop.platform.running().map(\.spec).contains(web.spec))
    #expect(try await servers().map(\.instance) == [web.spec.instance])
  }

  @Test func `while another process brings something back nothing is compared`() async throws {
    let parent = try #require(ProcessIdentity(of: getppid()))
    try await shop.hold(ReplicaProcess(pid: Int(parent.pid), startTicks: Int(parent.startTicks)))

    let report = try await DriftWork(shop.session, runtimes: shop.runtimes).scan(
      Shop.staging, files: .seen([:]), by: shop.person)

    #expect(report.exitStatus == .inconclusive)
    #expect(report.findings.first?.reason?.text.contains("process \(parent.pid)") == true)
  }

  @Test func `who was granted nothing brings nothing back`() async throws {
    await shop.platform.crash(worker.spec.instance)
    let stranger = try await shop.stranger()

    await #expect(throws: AccessDenied.self) { try await synchronize(by: stranger) }

    #expect(await shop.platform.running() == [web])
    let last = try await shop.session.state().decisions.tally(of: "staging").last
    #expect(last?.action == "sync.start")
    #expect(last?.decision == .deny)
  }

  @Test func `every sync rests on a decision`() async throws {
    await shop.platform.crash(worker.spec.instance)
    try await synchronize()

    let findings = try shop.session.ledger.read { try Entitlement(of: $0).findings }
    #expect(findings == [])
  }
}

/// A platform that does not see a replica at the first look after its start, and then lets probes
/// through.
private actor LateSight: Platform {
  private let runtimes: SimulatedRuntimes
  private let instance: InstanceName
  private var isHidden = true

  init(_ runtimes: SimulatedRuntimes, of instance: InstanceName) {
    self.runtimes = runtimes
    self.instance = instance
  }

  func start(_ spec: ReplicaSpec) async throws(PlatformError) -> RunningReplica {
    try await runtimes.platform.start(spec)
  }

  func stop(
    _ instance: InstanceName, graceMs: Int64
  ) async throws(PlatformError) -> ReplicaExit {
    try await runtimes.platform.stop(instance, graceMs: graceMs)
  }

  func running() async throws(PlatformError) -> [RunningReplica] {
    let running = await runtimes.platform.running()
    guard isHidden, running.contains(where: { $0.spec.instance == instance }) else {
      return running
    }
    isHidden = false
    runtimes.gate.open()
    return running.filter { $0.spec.instance != instance }
  }

  func ends() async -> AsyncStream<ReplicaEnd> { await runtimes.platform.ends() }
}

/// A simulated environment of which the platform is another one, and which is seen only so often.
private final class ChangedRuntimes: RuntimeProvider {
  private let runtimes: SimulatedRuntimes
  private let platform: any Platform
  private let sights: Mutex<Int>

  init(_ runtimes: SimulatedRuntimes, platform: any Platform, sights: Int = .max) {
    self.runtimes = runtimes
    self.platform = platform
    self.sights = Mutex(sights)
  }

  var sources: SecretSources { runtimes.sources }

  func preflight(
    _ configuration: ResolvedConfiguration, for cause: ReleaseCause
  ) async -> [String] { [] }

  func runtime(of environment: EnvironmentName) async throws -> EnvironmentRuntime {
    EnvironmentRuntime(platform: platform, router: runtimes.router, prober: runtimes.gate)
  }

  func sight(of environment: EnvironmentName) -> EnvironmentSight {
    let isSeen = sights.withLock { left in
      left -= 1
      return left >= 0
    }
    if !isSeen { runtimes.silence(.agentNotReached(socket: "agent.sock", reason: "it is gone")) }
    return runtimes.sight(of: environment)
  }
}
