import Environments
import Events
import Foundation
import LedgerStore
import Logging
import Projections
import Rollouts
import SecretStore
import Synchronization
import TestKit
import Testing
import TransparencyLog

@testable import Operations
@testable import Platforms

/// Between rollouts, on a simulated platform whose time a test lets pass.
@Suite struct AgentCompanionTests {
  let shop: Shop
  let companion: AgentCompanion
  let web: RunningReplica

  init() async throws {
    shop = try await Shop()
    try shop.files.write(healthCheckInterval: 30)
    try await shop.deploy("first")
    web = try #require(
      await shop.platform.running().first { $0.spec.component == "web" })
    shop.time.stop()
    companion = await shop.companion()
  }

  private func crash(_ replica: RunningReplica) async {
    await shop.platform.crash(replica.spec.instance)
    await companion.replicaEnded(
      ReplicaEnd(replica: replica, exit: .signal(9), wasAsked: false))
  }

  @discardableResult
  private func round(afterMs: Int = 0) async -> Int {
    shop.time.advance(milliseconds: afterMs)
    return await companion.round(on: shop.platform)
  }

  /// What was recorded about the replica that takes requests.
  private func said() async throws -> [String] {
    try await shop.observations().filter { $0.hasPrefix("web") }
  }

  private func isRunning() async -> Bool {
    await shop.platform.running().contains { $0.spec == web.spec }
  }

  // MARK: Ends and starts

  @Test func `a replica that died is started again, and both are recorded`() async throws {
    await crash(web)
    await round()

    #expect(await isRunning())
    #expect(try await said() == ["web exited", "web started", "web unknown → healthy"])
    let servers = try await shop.runtimes.router.state().frontends["web"]?.map(\.server)
    let port = await shop.platform.running().first { $0.spec == web.spec }?.port
    #expect(servers == [RouterServer(instance: web.spec.instance, port: try #require(port))])
  }

  @Test func `one that dies again waits, and others do not wait for it`() async throws {
    await crash(web)
    await round()
    await crash(web)
    let worker = try #require(await shop.platform.running().first)

    let pauseMs = await round()
    await crash(worker)
    await round()

    #expect(pauseMs == 1_000)
    #expect(await shop.platform.running().map(\.spec) == [worker.spec])
    await round(afterMs: 999)
    #expect(await !isRunning())
    await round(afterMs: 1)
    #expect(await isRunning())
  }

  @Test func `a start that fails is tried again, and said once`() async throws {
    await shop.platform.behave(.with { $0.startFailure = "no memory" }) { [web] in $0 == web.spec }
    let worker = try #require(
      await shop.platform.running().first { $0.spec.component == "worker" })
    await crash(web)
    await crash(worker)

    await round()
    #expect(await shop.platform.running().map(\.spec) == [worker.spec])
    await round(afterMs: 1_000)
    await shop.platform.behave(SimulatedBehaviour()) { _ in true }
    await round(afterMs: 1_999)
    #expect(await !isRunning())
    await round(afterMs: 1)

    #expect(await isRunning())
    let said = try await self.said()
    #expect(said.filter { $0 == "web unknown → unhealthy" }.count == 1)
    #expect(said.filter { $0 == "web started" }.count == 1)
  }

  @Test func `what is not what was built is not started again until it is`() async throws {
    let path = try await shop.removeArtifact(of: "web", in: web.spec.build)
    await crash(web)

    await round()
    #expect(await !isRunning())
    #expect(try await said().filter { $0 == "web unknown → unhealthy" }.count == 1)
    try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
    await round(afterMs: 1_000)
    #expect(await isRunning())
  }

  @Test func `what ended while no agent ran is started again by the next one`() async throws {
    await shop.platform.crash(web.spec.instance)
    await companion.agentStarted(
      AgentIdentity(
        environment: "staging", process: ProcessIdentity(pid: 1, startTicks: 1),
        incarnation: "ab"), adopted: [],
      lost: [ReplicaEnd(replica: web, exit: .unknown, wasAsked: false)])

    await round()

    #expect(await isRunning())
  }

  @Test func `an end that was asked for is recorded of whoever was said to be well, no more`()
    async throws
  {
    await round()
    await shop.platform.crash(web.spec.instance)
    for _ in 1...2 {
      await companion.replicaEnded(
        ReplicaEnd(replica: web, exit: .signal(15), wasAsked: true))
    }

    #expect(try await said() == ["web exited"])
    #expect(await !isRunning())
  }

  @Test func `while a deployment is under way an end is its driver's to record`() async throws {
    shop.time.goOn()
    try shop.files.write()
    shop.runtimes.gate.shut()
    let driver = try await shop.drive("second")
    await crash(web)

    #expect(await companion.round(on: shop.platform) == 1_000)
    #expect(await !isRunning())
    shop.runtimes.gate.open()
    _ = try await driver.value
    await round()
    #expect(try await !said().contains("web exited"))
    #expect(await !isRunning())
  }

  @Test func `an end that the driver was not told of is the agent's once it has succeeded`()
    async throws
  {
    shop.time.goOn()
    try shop.files.write()
    shop.runtimes.gate.shut()
    let driver = try await shop.drive("second")
    let second = try await shop.build("second")
    let new = try #require(
      await shop.platform.running().first {
        $0.spec.build == second && $0.spec.component == "web"
      })
    await companion.replicaEnded(
      ReplicaEnd(replica: new, exit: .signal(9), wasAsked: false))
    shop.runtimes.gate.open()
    #expect(try await driver.value == .succeeded)
    await shop.platform.crash(new.spec.instance)

    await round()

    #expect(await shop.platform.running().contains { $0.spec == new.spec })
    #expect(try await said().filter { !$0.contains("→") } == ["web exited", "web started"])
  }

  @Test func `after a hold an old replica that died meanwhile is started again, no new one`()
    async throws
  {
    shop.time.goOn()
    try shop.files.write(automatic: false)
    shop.runtimes.gate.shut()
    let driver = try await shop.drive("second")
    let second = try await shop.build("second")
    let replicas = await shop.platform.running()
    let old = try #require(
      replicas.first { $0.spec.build != second && $0.spec.component == "worker" })
    let new = try #require(replicas.first { $0.spec.build == second })
    await crash(old)
    await crash(new)
    #expect(try await driver.value.word == "held")

    await round()

    let running = await shop.platform.running().map(\.spec)
    #expect(running.contains(old.spec))
    #expect(!running.contains(new.spec))
  }

  @Test func `after a hold requests follow a replica that was started again`() async throws {
    shop.time.goOn()
    try shop.files.write(automatic: false)
    await shop.spoil(try await shop.build("second"))
    #expect(try await shop.deploy("second").word == "held")
    await crash(web)

    await round()
    await round()

    let port = await shop.platform.running().first { $0.spec == web.spec }?.port
    let servers = try await shop.runtimes.router.state().frontends["web"]?.map(\.server)
    #expect(servers == [RouterServer(instance: web.spec.instance, port: try #require(port))])
  }

  @Test func `a replica that the driver has replaced is not started once more`() async throws {
    shop.time.goOn()
    try shop.files.write()
    let second = try await shop.build("second")
    shop.runtimes.gate.shut()
    let driver = try await shop.drive("second")
    let now = try #require(
      await shop.platform.running().first {
        $0.spec.build == second && $0.spec.component == "worker"
      })
    let earlier = RunningReplica(
      spec: now.spec, process: ProcessIdentity(pid: 1, startTicks: 1), port: nil)
    await companion.replicaEnded(
      ReplicaEnd(replica: earlier, exit: .signal(9), wasAsked: false))
    shop.runtimes.gate.open()
    #expect(try await driver.value == .succeeded)

    await round()

    #expect(try await !shop.observations().contains("worker exited"))
  }

  @Test func `a replica started while a deployment began is stopped again`() async throws {
    shop.time.goOn()
    await crash(web)
    shop.runtimes.gate.shut()
    let platform = InterruptedPlatform(shop.platform) { [shop] in
      _ = try? await shop.drive("second")
    }

    _ = await companion.round(on: platform)

    #expect(await shop.platform.stopped.contains(web.spec.instance))
    #expect(await !isRunning())
  }

  @Test func `a replica started just before a deployment that did not see it is ended after it`()
    async throws
  {
    shop.time.goOn()
    await crash(web)
    await round()
    #expect(await isRunning())
    let blind = BlindRuntimes(shop.runtimes, to: web.spec.instance)
    #expect(
      try await DeployWork(shop.session, runtimes: blind).deploy(
        shop.wish(shop.build("second")), by: shop.person, observer: { _ in }) == .succeeded)
    #expect(await isRunning())

    await round()

    #expect(await !isRunning())
    #expect(await shop.platform.running().map(\.spec.component).sorted() == ["web", "worker"])
  }

  @Test func `what ended before an earlier agent had started it again is started by the next`()
    async throws
  {
    await shop.platform.crash(web.spec.instance)

    await round()

    #expect(await isRunning())
    #expect(try await said() == ["web started", "web unknown → healthy"])
  }

  @Test func `what cannot be proven keeps no other from being started, and is tried again later`()
    async throws
  {
    let shop = try await Shop()
    try shop.files.write(automatic: false)
    try await shop.deploy("first")
    let old = await shop.platform.running()
    let second = try await shop.build("second")
    await shop.spoil(second)
    #expect(try await shop.deploy("second").word == "held")
    let new = await shop.platform.running().filter { $0.spec.build == second }
    shop.time.stop()
    for replica in await shop.platform.running() {
      await shop.platform.crash(replica.spec.instance)
    }
    let position = try #require(await shop.session.state().builds[second]).position
    let companion = await shop.companion()
    let other = "sha256:\(String(repeating: "e", count: 64))"
    func exchange(_ one: String, for two: String) throws {
      try shop.tamper(
        "UPDATE body SET body = replace(body, '\(one)', '\(two)') WHERE position = \(position)")
    }
    try exchange("\(second)", for: other)

    _ = await companion.round(on: shop.platform)

    #expect(!new.isEmpty)
    #expect(await shop.platform.running().map(\.spec.instance) == old.map(\.spec.instance))
    try exchange(other, for: "\(second)")
    shop.time.advance(milliseconds: RestartSchedule.firstWaitMs - 1)
    _ = await companion.round(on: shop.platform)
    #expect(await shop.platform.running().count == old.count)
    shop.time.advance(milliseconds: 1)
    _ = await companion.round(on: shop.platform)
    #expect(await shop.platform.running().count == old.count + new.count)
  }

  /// A sync came and went while it looked, and somebody's end made the agent read the ledger.
  @Test(arguments: 1...3)
  func `what was seen before the ledger moved on does not count as a look`(look: Int) async throws {
    let other = RunningReplica(spec: web.spec.renamed("other"), process: web.process, port: nil)
    let looks = Mutex(0)
    let platform = InterruptedPlatform(
      shop.platform,
      afterLook: { [shop, companion, web] in
        guard
          looks.withLock({
            $0 += 1; return $0 == look
          })
        else { return }
        try? await shop.hold(.this)
        try? await shop.letGo()
        await shop.platform.crash(web.spec.instance)
        await companion.replicaEnded(
          ReplicaEnd(replica: other, exit: .signal(15), wasAsked: true))
      })

    _ = await companion.round(on: platform)
    await round()

    #expect(looks.withLock { $0 } >= look)
    #expect(await isRunning())
  }

  @Test func `what an earlier agent had in a crash loop is started again, and waits again`()
    async throws
  {
    for _ in 1...3 {
      await crash(web)
      await round(afterMs: 60_000)
    }
    await crash(web)
    let next = await shop.companion()

    _ = await next.round(on: shop.platform)

    #expect(await isRunning())
    await shop.platform.crash(web.spec.instance)
    await next.replicaEnded(ReplicaEnd(replica: web, exit: .signal(9), wasAsked: false))
    #expect(await next.round(on: shop.platform) == 1_000)
    #expect(await !isRunning())
  }

  @Test func `what no entry knows of is ended, whoever has started it`() async throws {
    let stray = try await shop.platform.start(web.spec.renamed("stray"))

    await round()

    #expect(await shop.platform.stopped == [stray.spec.instance])
    #expect(await isRunning())
  }

  @Test func `one that cannot be ended keeps no other from being ended`() async throws {
    for name in ["stray-1", "stray-2"] {
      _ = try await shop.platform.start(web.spec.renamed(InstanceName(stringLiteral: name)))
    }
    await shop.platform.failStops(1)

    await round()

    #expect(await shop.platform.running().count == 3)
    await round()
    #expect(await shop.platform.running().count == 2)
  }

  @Test
  func `an end that hangs keeps nobody from being asked or started again, nor is it asked twice`()
    async throws
  {
    let prober = RecordingProber()
    let companion = await shop.companion(prober: prober, patience: .milliseconds(1))
    let stray = try await shop.platform.start(web.spec.renamed("stray"))
    let gate = ReplicaGate(shop.platform, shutFor: stray.spec.instance)

    _ = await companion.round(on: gate)
    #expect(await prober.asked.count == 2)
    await shop.platform.crash(web.spec.instance)
    await companion.replicaEnded(
      ReplicaEnd(replica: web, exit: .signal(9), wasAsked: false))
    _ = await companion.round(on: gate)
    #expect(await eventually { await isRunning() })
    _ = await companion.round(on: gate)

    #expect(await gate.askedToStop == [stray.spec.instance])
    await gate.open()
    #expect(await eventually { await !shop.platform.running().contains(stray) })
  }

  @Test func `while a deployment is under way nothing is ended or missed`() async throws {
    shop.time.goOn()
    try shop.files.write()
    shop.runtimes.gate.shut()
    let driver = try await shop.drive("second")
    let stray = try await shop.platform.start(web.spec.renamed("stray"))
    await shop.platform.crash(web.spec.instance)

    await round()

    #expect(await shop.platform.running().contains(stray))
    #expect(await !isRunning())
    shop.runtimes.gate.open()
    _ = try await driver.value
  }

  @Test func `what a first deployment could not stop is ended`() async throws {
    let shop = try await Shop()
    await shop.platform.behave(.with { $0.startFailure = "no memory" }) { _ in true }
    #expect(try await shop.deploy("first").word == "stopped")
    await shop.platform.behave(SimulatedBehaviour()) { _ in true }
    let begun = try #require(await shop.platform.started.last)
    let stray = try await shop.platform.start(begun)

    let pauseMs = await shop.companion().round(on: shop.platform)

    #expect(await shop.platform.stopped.last == stray.spec.instance)
    #expect(await shop.platform.running().isEmpty)
    #expect(pauseMs == 1_000)
  }

  @Test func `what a ledger has never seen deployed is not ended`() async throws {
    let shop = try await Shop()
    let lost = try await shop.platform.start(web.spec.renamed("lost"))

    _ = await shop.companion().round(on: shop.platform)

    #expect(await shop.platform.running() == [lost])
  }

  /// A ledger that was restored has not seen what was deployed since its backup.
  @Test func `what no deployment has begun to start is not ended where nothing is to run`()
    async throws
  {
    let shop = try await Shop()
    await shop.platform.behave(.with { $0.startFailure = "no memory" }) { _ in true }
    #expect(try await shop.deploy("first").word == "stopped")
    await shop.platform.behave(SimulatedBehaviour()) { _ in true }
    let later = try await shop.platform.start(web.spec.renamed("web-later"))

    _ = await shop.companion().round(on: shop.platform)

    #expect(await shop.platform.running() == [later])
  }

  /// It may be all that answers: a sync that failed half way has left it.
  @Test func `what no entry knows of stays until all that should run does`() async throws {
    await shop.platform.behave(.with { $0.startFailure = "no memory" }) { [web] in $0 == web.spec }
    let helper = try await shop.platform.start(web.spec.renamed("helper"))
    await crash(web)

    await round()

    #expect(await shop.platform.running().contains(helper))
    await shop.platform.behave(SimulatedBehaviour()) { _ in true }
    await round(afterMs: 60_000)
    await round()
    #expect(await isRunning())
    #expect(await !shop.platform.running().contains(helper))
  }

  /// A ledger that was restored knows neither who answers now nor how what it starts is.
  @Test func `what answers goes on until what should run instead is well`() async throws {
    let later = try await shop.platform.start(web.spec.renamed("web-later"))
    let port = try #require(later.port)
    try await shop.runtimes.router.setServers([
      "web": [RouterServer(instance: later.spec.instance, port: port)]
    ])
    shop.runtimes.gate.shut()
    await crash(web)

    for _ in 1...2 {
      await round()
      #expect(await isRunning())
      #expect(await shop.platform.running().contains(later))
      #expect(try await shop.routedPorts() == [port])
    }

    shop.runtimes.gate.open()
    for _ in 1...2 { await round() }
    #expect(try await shop.routedPorts().isDisjoint(with: [port]))
    #expect(await shop.platform.stopped == [later.spec.instance])
  }

  /// An agent that is killed just after it has started one, or a sync while it waits for it.
  @Test func `a replica whose process no entry has is recorded by the next agent, once`()
    async throws
  {
    await round()
    await shop.platform.crash(web.spec.instance)
    let started = try await shop.platform.start(web.spec)
    let before = try await said()

    for _ in 1...2 {
      let next = await shop.companion()
      _ = await next.round(on: shop.platform)
      _ = await next.round(on: shop.platform)
    }

    #expect(started.process != web.process)
    #expect(try await said().filter { $0 == "web started" } == ["web started"])
    #expect(!before.contains("web started"))
  }

  @Test func `what was asked to end by somebody who is gone is started again`() async throws {
    await round()
    await shop.platform.crash(web.spec.instance)
    await companion.replicaEnded(
      ReplicaEnd(replica: web, exit: .signal(15), wasAsked: true))

    await round()

    #expect(await isRunning())
  }

  @Test func `a start that hangs keeps nobody from being asked, and is not begun twice`()
    async throws
  {
    let prober = RecordingProber()
    let companion = await shop.companion(prober: prober, patience: .milliseconds(1))
    let gate = ReplicaGate(shop.platform, shutFor: web.spec.instance)
    await crash(web)

    _ = await companion.round(on: gate)
    shop.time.advance(milliseconds: 30_000)
    _ = await companion.round(on: gate)

    #expect(await gate.asked == [web.spec])
    let worker = try #require(await shop.platform.running().first)
    #expect(await prober.asked == [.process(worker.process), .process(worker.process)])
    await gate.open()
    #expect(await eventually { await isRunning() })
  }

  /// Whoever can write the file and has no key puts in a driver that lives, for ever.
  @Test func `what no key has signed keeps no agent from starting what died`() async throws {
    await round()
    let head = try shop.session.ledger.head()
    let note = try #require(head.checkpoint).serialized
    try await shop.hold(.this, in: shop.open())
    try shop.tamper(
      "DELETE FROM checkpoint; INSERT INTO checkpoint VALUES (\(head.size), 0, '\(note)')")
    let unknown = try await shop.platform.start(web.spec.renamed("web-later"))
    await crash(web)
    for _ in 1...2 { await round() }

    #expect(await isRunning())
    #expect(await shop.platform.running().contains(unknown))
    #expect(try shop.session.ledger.head().size == head.size + 1)
  }

  @Test func `an agent that followed nothing yet goes by what the log has signed`() async throws {
    let head = try shop.session.ledger.head()
    let note = try #require(head.checkpoint).serialized
    try await shop.hold(.this, in: shop.open())
    try shop.tamper(
      "DELETE FROM checkpoint; INSERT INTO checkpoint VALUES (\(head.size), 0, '\(note)')")
    await shop.platform.crash(web.spec.instance)

    await round()

    #expect(await isRunning())
  }

  @Test func `what was altered before it was read keeps no agent from starting what died`()
    async throws
  {
    await round()
    let size = try shop.session.ledger.head().size
    try await shop.hold(.this)
    try shop.tamper("UPDATE body SET body = replace(body, 'pid', 'dip') WHERE position = \(size)")
    await crash(web)
    await round()

    #expect(await isRunning())
  }

  @Test func `what no entry knows is ended again once the ledger is whole again`() async throws {
    await round()
    try await shop.remark("looks good")
    let position = try shop.session.ledger.head().size - 1
    func put(_ words: String, for others: String) throws {
      try shop.tamper(
        "UPDATE body SET body = replace(body, '\(others)', '\(words)') WHERE position = \(position)"
      )
    }
    try put("\"bew\"", for: "\"web\"")
    let stray = try await shop.platform.start(web.spec.renamed("stray"))
    for _ in 1...2 { await round() }
    #expect(await shop.platform.running().contains(stray))

    try put("\"web\"", for: "\"bew\"")
    await round()

    #expect(await !shop.platform.running().contains(stray))
  }

  @Test func `what cannot be recorded is recorded later`() async throws {
    let key = shop.session.keys.path(.service)
    try FileManager.default.moveItem(atPath: key, toPath: key + ".away")
    await crash(web)
    await round()
    #expect(try await said() == [])

    try FileManager.default.moveItem(atPath: key + ".away", toPath: key)
    await round()

    let said = try await said()
    #expect(said == ["web exited", "web started", "web unknown → healthy"])
  }

  @Test func `what a rule refuses keeps nothing else from being recorded`() async throws {
    let elsewhere = Place(Shop.staging.application, "production")
    let refused = DraftEvent(
      RouterStarted(), in: .router(Shop.staging.application, "staging"), scope: elsewhere.scope)

    try await companion.record([refused])
    await crash(web)
    await round()

    #expect(try await said() == ["web exited", "web started", "web unknown → healthy"])
    #expect(try await shop.observations().contains("router started") == false)
  }

  // MARK: Health

  @Test func `what the rollout proved is not said again`() async throws {
    for _ in 1...2 { await round(afterMs: 15_000) }

    #expect(try await said() == [])
  }

  @Test func `only changes are recorded, and one sum a window`() async throws {
    #expect(await companion.round(on: shop.platform) == 30_000)
    shop.runtimes.gate.shut()
    await round(afterMs: 30_000)
    shop.runtimes.gate.open()
    await round(afterMs: 30_000)

    #expect(
      try await said() == [
        "web healthy → unhealthy", "web unhealthy → healthy", "web 2 passes, 1 failures",
      ])
  }

  @Test func `a time without probes is unknown, not healthy`() async throws {
    await round()
    await round(afterMs: 3_600_000)

    let said = try await self.said()
    #expect(said == ["web 1 passes, 0 failures", "web healthy → unknown", "web unknown → healthy"])
  }

  @Test func `a time without an agent is unknown, not healthy`() async throws {
    shop.time.advance(milliseconds: 3_600_000)
    let next = await shop.companion()

    _ = await next.round(on: shop.platform)

    let said = try await self.said()
    #expect(said == ["web healthy → unknown", "web unknown → healthy"])
  }

  @Test func `replicas are asked as their environment says`() async throws {
    let prober = RecordingProber()
    let companion = await shop.companion(prober: prober)

    _ = await companion.round(on: shop.platform)

    let port = try #require(web.port)
    #expect(await prober.asked.contains(.http(port: port, path: "/healthz", timeoutMs: 100)))
  }

  // MARK: Traffic

  @Test func `a router that went away comes back with its servers`() async throws {
    await shop.runtimes.router.stop()

    await round()

    #expect(await shop.runtimes.router.isRunning)
    let servers = try await shop.runtimes.router.state().frontends["web"]?.map(\.server.instance)
    #expect(servers == [web.spec.instance])
    #expect(try await shop.observations() == ["router stopped", "router started"])
  }

  @Test func `a router that stays down is said to have stopped once`() async throws {
    await shop.runtimes.router.stop()
    let failure = RouterError.notStarted(reason: "no room")
    await shop.runtimes.router.fail(with: failure, failure)

    for _ in 1...2 { await round() }
    #expect(try await shop.observations() == ["router stopped"])
    for _ in 1...2 { await round() }

    #expect(try await shop.observations() == ["router stopped", "router started"])
  }

  @Test func `a router that fails keeps nobody from being asked`() async throws {
    await shop.runtimes.router.fail(with: .notStarted(reason: "no room"))
    shop.runtimes.gate.shut()

    await round()

    #expect(try await said().contains("web healthy → unhealthy"))
  }

  @Test func `a leftover of the same build that the release does not know gets no requests`()
    async throws
  {
    let spec = web.spec
    _ = try await shop.platform.start(
      ReplicaSpec(
        environment: spec.environment, component: spec.component, instance: "web-left",
        build: spec.build, intent: "another configuration", command: spec.command,
        workingDirectory: spec.workingDirectory, wantsPort: true,
        logDirectory: spec.logDirectory, health: spec.health))

    await round()

    #expect(try await shop.routedPorts() == [try #require(web.port)])
  }

  @Test func `a component of which nothing runs gets no requests`() async throws {
    await shop.platform.behave(.with { $0.startFailure = "no memory" }) { _ in true }
    await crash(web)

    await round()

    #expect(try await shop.runtimes.router.state().frontends["web"]?.isEmpty == true)
  }

  // MARK: Rounds

  @Test func `rounds go on until the agent leaves`() async throws {
    let clock = ManualClock()
    let companion = await shop.companion(clock: clock)
    let before = await shop.runtimes.router.changes.count
    let rounds = Task { [shop] in try await companion.accompany(shop.platform) }
    for _ in 1...3 {
      try #require(await eventually { clock.sleeping == 1 })
      clock.advance(by: .seconds(30))
    }
    rounds.cancel()

    await #expect(throws: CancellationError.self) { try await rounds.value }
    #expect(await shop.runtimes.router.changes.count >= before + 3)
  }

  @Test func `after a restore an agent of the ledger that was replaced ends, and ends nobody`()
    async throws
  {
    let later = try await shop.platform.start(web.spec.renamed("web-later"))
    let database = shop.workspace.ledger + "/ledger.sqlite"
    let manager = FileManager.default
    try manager.copyItem(atPath: database, toPath: database + ".copy")
    try manager.removeItem(atPath: database)
    try manager.moveItem(atPath: database + ".copy", toPath: database)

    await round()
    await #expect(throws: LedgerError.fileReplaced(path: database)) {
      try await companion.accompany(shop.platform)
    }

    #expect(await shop.platform.running().contains(later))
  }

  @Test func `where nothing runs there is nothing to do`() async throws {
    let empty = try await Shop()

    #expect(await empty.companion().round(on: empty.platform) == 1_000)
    #expect(try await empty.observations() == [])
  }
}

/// A simulated environment in which one replica is not seen.
private struct BlindRuntimes: RuntimeProvider {
  private let runtimes: SimulatedRuntimes
  private let hidden: InstanceName

  init(_ runtimes: SimulatedRuntimes, to hidden: InstanceName) {
    self.runtimes = runtimes
    self.hidden = hidden
  }

  var sources: SecretSources { runtimes.sources }

  func preflight(
    _ configuration: ResolvedConfiguration, for cause: ReleaseCause
  ) async -> [String] { [] }

  func runtime(of environment: EnvironmentName) async throws -> EnvironmentRuntime {
    EnvironmentRuntime(
      platform: BlindPlatform(platform: runtimes.platform, hidden: hidden),
      router: runtimes.router, prober: runtimes.gate)
  }

  func sight(of environment: EnvironmentName) -> EnvironmentSight {
    runtimes.sight(of: environment)
  }
}

private struct BlindPlatform: Platform {
  let platform: SimulatedPlatform
  let hidden: InstanceName

  func start(_ spec: ReplicaSpec) async throws(PlatformError) -> RunningReplica {
    try await platform.start(spec)
  }

  func stop(
    _ instance: InstanceName, graceMs: Int64
  ) async throws(PlatformError) -> ReplicaExit {
    try await platform.stop(instance, graceMs: graceMs)
  }

  func running() async throws(PlatformError) -> [RunningReplica] {
    await platform.running().filter { $0.spec.instance != hidden }
  }

  func ends() async -> AsyncStream<ReplicaEnd> { await platform.ends() }
}

/// A platform that starts and stops one instance only when it is let.
private actor ReplicaGate: Platform {
  private let platform: SimulatedPlatform
  private let instance: InstanceName
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private(set) var asked: [ReplicaSpec] = []
  private(set) var askedToStop: [InstanceName] = []

  init(_ platform: SimulatedPlatform, shutFor instance: InstanceName) {
    self.platform = platform
    self.instance = instance
  }

  func open() {
    for one in waiting { one.resume() }
    waiting = []
  }

  func start(_ spec: ReplicaSpec) async throws(PlatformError) -> RunningReplica {
    asked.append(spec)
    await pass(spec.instance)
    return try await platform.start(spec)
  }

  func stop(
    _ instance: InstanceName, graceMs: Int64
  ) async throws(PlatformError) -> ReplicaExit {
    askedToStop.append(instance)
    await pass(instance)
    return try await platform.stop(instance, graceMs: graceMs)
  }

  private func pass(_ one: InstanceName) async {
    if one == instance { await withCheckedContinuation { waiting.append($0) } }
  }

  func running() async throws(PlatformError) -> [RunningReplica] { await platform.running() }

  func ends() async -> AsyncStream<ReplicaEnd> { await platform.ends() }
}
