import CanonicalJSON
import Events

/// Steers traffic with HAProxy: one for each environment, configured and told by us alone.
///
/// Its directory has the plan (`router.json`), the configuration made from it, HAProxy's process
/// number, its log and its runtime socket. A plan is written down before it is carried out, so
/// whoever comes after a crash carries it out again (``ensureRunning(_:)``); every operation holds
/// the directory's lock, so a driver and an agent can share a router.
package struct HAProxyRouter: TrafficRouter {
  private let directory: String
  private let master: HAProxyMaster
  private let runtime: HAProxyRuntime
  private let clock: any Clock<Duration>

  private let answerLimit: Duration
  private let lockLimit: Duration

  private static let pollInterval = Duration.milliseconds(10)

  /// - Parameters:
  ///   - answerLimit: How long HAProxy may take to come up, or to reload.
  ///   - lockLimit: How long someone else's operation is waited for.
  package init(
    _ run: RunDirectory, program: HAProxyProgram = .standard,
    clock: any Clock<Duration> = ContinuousClock(), answerLimit: Duration = .seconds(30),
    lockLimit: Duration = .seconds(30)
  ) {
    directory = run.router
    master = HAProxyMaster(program: program, directory: run.router)
    runtime = HAProxyRuntime(
      socket: UnixSocket(directory: run.router, name: HAProxyConfiguration.socketName))
    self.clock = clock
    self.answerLimit = answerLimit
    self.lockLimit = lockLimit
  }

  package func ensureRunning(_ frontends: [Frontend]) async throws(RouterError) {
    let lock = try await takeLock()
    defer { withExtendedLifetime(lock) {} }
    let last = try load()
    let plan = last.with(frontends)
    if let pid = try? await runtime.pid() {
      if plan.frontends != last.frontends { try await reload(plan, after: last, worker: pid) }
    } else {
      try await start(plan)
    }
    try await apply(plan)
  }

  package func setServers(
    _ servers: [ComponentName: [RouterServer]]
  ) async throws(RouterError) {
    let lock = try await takeLock()
    defer { withExtendedLifetime(lock) {} }
    let plan = try load().with(servers)
    try store(plan)
    try await apply(plan)
  }

  package func drain(
    _ instance: InstanceName, of frontend: ComponentName, timeoutMs: Int64
  ) async throws(RouterError) -> DrainResult {
    let start = ContinuousClock.now
    while true {
      let row = try await runtime.servers().first {
        $0.frontend == frontend && $0.instance == instance
      }
      guard let row else { throw .serverUnknown(instance, frontend: frontend) }
      if row.open == 0 { return .empty }
      guard ContinuousClock.now - start < .milliseconds(timeoutMs) else {
        return .stillOpen(row.open)
      }
      try? await clock.sleep(for: Self.pollInterval)
    }
  }

  package func state() async throws(RouterError) -> RouterState {
    let plan = try load()
    var frontends: [ComponentName: [ServerState]] = [:]
    for frontend in plan.frontends { frontends[frontend.name] = [] }
    for row in try await runtime.servers() {
      let isNamed = plan.servers(of: row.frontend).contains { $0.instance == row.instance }
      guard isNamed || row.condition != .maintenance else { continue }
      frontends[row.frontend, default: []].append(ServerState(row))
    }
    return RouterState(frontends: frontends.mapValues { $0.sorted(by: ServerState.isBefore) })
  }

  /// The ports that it has; none when it does not run.
  package func ports() async throws(RouterError) -> Set<Int> {
    do {
      _ = try await runtime.pid()
    } catch {
      guard case .notRunning = error else { throw error }
      return []
    }
    return Set(try load().frontends.map(\.port))
  }

  package func stop() async throws(RouterError) {
    let lock = try await takeLock()
    defer { withExtendedLifetime(lock) {} }
    try await master.stop()
  }
}

// MARK: Bringing it about

extension HAProxyRouter {
  private func start(_ plan: RouterPlan) async throws(RouterError) {
    try await awaitPorts(of: plan.frontends)
    try store(plan)
    try await master.program.check(HAProxyMaster.configurationName, in: directory)
    try await master.start()
    try await awaitWorker(otherThan: nil)
  }

  /// The new worker gets the ports from the old one, and has the servers from the configuration:
  /// no request notices.
  private func reload(
    _ plan: RouterPlan, after last: RouterPlan, worker pid: Int32
  ) async throws(RouterError) {
    let ports = Set(last.frontends.map(\.port))
    try await awaitPorts(of: plan.frontends.filter { !ports.contains($0.port) })
    try store(plan)
    do {
      try await master.program.check(HAProxyMaster.configurationName, in: directory)
      master.reload()
      try await awaitWorker(otherThan: pid)
    } catch {
      try store(last)
      throw error
    }
  }

  /// A port that was just let go of, as by a router that was stopped, may take a moment.
  private func awaitPorts(of frontends: [Frontend]) async throws(RouterError) {
    for frontend in frontends {
      var attempts = 1
      while !isPortFree(frontend.port) {
        guard attempts < 20 else { throw .portTaken(frontend.port, frontend: frontend.name) }
        attempts += 1
        try? await clock.sleep(for: .milliseconds(50))
      }
    }
  }

  private func awaitWorker(otherThan pid: Int32?) async throws(RouterError) {
    let giveUp = ContinuousClock.now + answerLimit
    while ContinuousClock.now < giveUp {
      if let new = try? await runtime.pid(), new != pid { return }
      try? await clock.sleep(for: Self.pollInterval)
    }
    throw .notRunning(
      socket: runtime.socket.path, reason: "no new worker within \(answerLimit)")
  }

  private func apply(_ plan: RouterPlan) async throws(RouterError) {
    let change = RouterChange(from: try await runtime.servers(), to: plan)
    for addition in change.additions {
      try await runtime.add(addition.server, to: addition.frontend)
    }
    for move in change.moves { _ = try await runtime.ask(move) }
    try await runtime.perform(change.commands)
    for row in change.leaving { _ = try await runtime.delete(row) }
    if let difference = plan.difference(from: try await runtime.servers()) {
      throw .commandRefused(command: "show stat", answer: difference)
    }
  }
}

// MARK: Writing down

extension HAProxyRouter {
  private var planPath: String { "\(directory)/router.json" }

  private func takeLock() async throws(RouterError) -> FileLock {
    let path = "\(directory)/lock"
    do {
      try Files.makeDirectory(directory)
      let giveUp = ContinuousClock.now + lockLimit
      repeat {
        if let lock = try FileLock.take(path) { return lock }
        try? await clock.sleep(for: Self.pollInterval)
      } while ContinuousClock.now < giveUp
    } catch {
      throw .stateNotWritten(path: path, reason: error.description)
    }
    throw .stateNotWritten(path: path, reason: "someone else holds it")
  }

  private func load() throws(RouterError) -> RouterPlan {
    let bytes: [UInt8]
    do {
      bytes = try Files.read(planPath)
    } catch {
      if error.code == 2 { return RouterPlan() }  // ENOENT
      throw .stateNotRead(path: planPath, reason: error.description)
    }
    do {
      return try RouterPlan(json: JSONObject(parsing: bytes))
    } catch {
      throw .stateNotRead(path: planPath, reason: error.description)
    }
  }

  private func store(_ plan: RouterPlan) throws(RouterError) {
    let configuration = "\(directory)/\(HAProxyMaster.configurationName)"
    do {
      try Files.replace(
        configuration, with: Array(HAProxyConfiguration(plan: plan).text.utf8))
      try Files.replace(planPath, with: try JSONValue.object(plan.json).canonicalBytes())
    } catch {
      throw .stateNotWritten(path: planPath, reason: "\(error)")
    }
  }
}

extension ServerState {
  fileprivate init(_ row: ServerRow) {
    let share: RouterServer.Share =
      switch row.condition {
      case .ready: .weight(row.weight)
      case .draining, .maintenance, .other: .draining
      }
    self.init(
      server: RouterServer(instance: row.instance, port: row.port, share: share),
      open: row.open, requests: row.requests, answers2xx: row.answers2xx,
      answers4xx: row.answers4xx, answers5xx: row.answers5xx,
      connectionErrors: row.connectionErrors, answerErrors: row.answerErrors)
  }

  fileprivate static func isBefore(_ left: ServerState, _ right: ServerState) -> Bool {
    left.server.instance < right.server.instance
  }
}
