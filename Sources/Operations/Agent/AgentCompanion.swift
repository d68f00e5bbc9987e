import Environments
import Events
import LedgerStore
import Logging
import Platforms
import Projections
import Rollouts

/// What an agent does beside being the parent of replicas: between rollouts it asks them how they
/// are, starts those again that died, keeps the router up, and records all of it.
///
/// While a deployment holds the lease it does none of this: the deployment's driver does.
package actor AgentCompanion: AgentObserver {
  private let session: Session
  private let environment: EnvironmentName
  private let router: any TrafficRouter
  private let prober: any Prober
  private let log: Logger
  private var monitor: HealthMonitor
  private var died: [RunningReplica] = []
  private var restarts: [InstanceName: Int] = [:]

  /// How often replicas are asked when their environment says nothing.
  private static let intervalMs = 5_000
  /// The longest wait before a replica that keeps dying is started again.
  private static let backoffMsMax = 60_000

  package init(
    _ session: Session, environment: EnvironmentName, router: any TrafficRouter,
    prober: any Prober, log: Logger
  ) {
    self.session = session
    self.environment = environment
    self.router = router
    self.prober = prober
    self.log = log
    monitor = HealthMonitor(threshold: 3, since: session.time.now())
  }

  package func agentStarted(
    _ identity: AgentIdentity, adopted: [RunningReplica], lost: [ReplicaEnd]
  ) async {
    log.info("started as process \(identity.process.pid), \(adopted.count) replicas adopted")
    for end in lost { await replicaEnded(end) }
  }

  package func replicaEnded(_ end: ReplicaEnd) async {
    log.notice("\(end.replica.spec.instance) ended with \(end.exit)")
    guard !end.wasAsked else { return }
    await reporting {
      guard let place = try await idlePlace() else { return }
      try await record([
        draft(
          ReplicaExited(
            component: end.replica.spec.component, instance: end.replica.spec.instance,
            pid: Int(end.replica.process.pid), status: end.exit.status, signal: end.exit.signal),
          .replica(place.application, place.environment), place)
      ])
      died.append(end.replica)
    }
  }

  package func accompany(_ platform: any Platform) async throws {
    while true {
      let interval = await interval()
      await reporting { try await look(platform) }
      try await Task.sleep(for: .milliseconds(interval))
    }
  }

  /// Nobody stands beside an agent to read an error: it is logged, and the next round tries again.
  private func reporting(_ work: () async throws -> Void) async {
    do { try await work() } catch { log.error("\(error)") }
  }

  /// The place that runs here, when no deployment is changing it.
  private func idlePlace() async throws -> Place? {
    let state = try await session.state()
    guard let place = state.running.places.first(where: { $0.environment == environment }),
      state.leases.lease(in: place) == nil
    else { return nil }
    return place
  }

  private func interval() async -> Int {
    let state = try? await session.state()
    guard let state, let place = try? await idlePlace(),
      let running = state.running.running(in: place),
      let applied = state.configurations.version(running.configurationVersion, in: place),
      let configuration = try? ResolvedConfiguration(recorded: applied.configuration)
    else { return Self.intervalMs }
    return configuration.environment.deployment.healthCheckIntervalMs
  }

  private func look(_ platform: any Platform) async throws {
    guard let place = try await idlePlace() else {
      died = []  // A deployment looks after its own.
      return
    }
    try await startAgain(on: platform, in: place)
    let replicas = try await platform.running()
    try await keepRouting(to: replicas, in: place)
    try await probe(replicas, in: place)
  }

  private func startAgain(on platform: any Platform, in place: Place) async throws {
    let waiting = died
    died = []
    for replica in waiting {
      let instance = replica.spec.instance
      let count = restarts[instance, default: 0]
      restarts[instance] = count + 1
      let waitMs = min(Self.backoffMsMax, count == 0 ? 0 : 500 << min(count, 10))
      try await Task.sleep(for: .milliseconds(waitMs))
      let started = try await platform.start(replica.spec)
      try await record([
        draft(
          ReplicaStarted(
            component: started.spec.component, instance: instance, build: started.spec.build,
            pid: Int(started.process.pid), port: started.port,
            startTicks: Int(started.process.startTicks)),
          .replica(place.application, place.environment), place)
      ])
    }
  }

  /// Gives the router what it should have, which changes nothing when it has it.
  private func keepRouting(to replicas: [RunningReplica], in place: Place) async throws {
    let state = try await session.state()
    guard let running = state.running.running(in: place),
      let applied = state.configurations.version(running.configurationVersion, in: place)
    else { return }
    let configuration = try ResolvedConfiguration(recorded: applied.configuration)
    let frontends = configuration.application.components.compactMap { component in
      component.port.map { Frontend(name: component.name, port: $0) }
    }
    guard try await idlePlace() == place else { return }
    try await router.ensureRunning(frontends)
    let names = Set(frontends.map(\.name))
    var servers: [ComponentName: [RouterServer]] = [:]
    for replica in replicas where names.contains(replica.spec.component) {
      guard let port = replica.port, replica.spec.build == running.build else { continue }
      servers[replica.spec.component, default: []].append(
        RouterServer(instance: replica.spec.instance, port: port))
    }
    if !servers.isEmpty { try await router.setServers(servers) }
  }

  private func probe(_ replicas: [RunningReplica], in place: Place) async throws {
    monitor.keep(Set(replicas.map(\.spec.instance)))
    var events: [DraftEvent] = []
    let stream = StreamName.health(place.application, place.environment)
    for replica in replicas {
      guard let target = replica.probeTarget(timeoutMs: Int64(Self.intervalMs)) else { continue }
      let result = await prober.probe(target)
      let change = monitor.note(
        result, of: replica.spec.instance, component: replica.spec.component)
      if let change { events.append(draft(change, stream, place)) }
    }
    events += monitor.sums(at: session.time.now()).map { draft($0, stream, place) }
    guard !events.isEmpty, try await idlePlace() == place else { return }
    try await record(events)
  }

  private func draft(
    _ payload: some EventPayload, _ stream: StreamName, _ place: Place
  ) -> DraftEvent {
    DraftEvent(payload, in: stream, scope: place.scope)
  }

  private func record(_ events: [DraftEvent]) async throws {
    let service = try await session.signer(.service)
    _ = try await session.recordFact(EntryDraft(events), by: service)
  }
}
