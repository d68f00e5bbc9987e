import Events
import Platforms

/// A router without traffic: it remembers what it was told, and fails when it is told to.
package actor SimulatedRouter: TrafficRouter {
  private var frontends: [Frontend] = []
  private var servers: [ComponentName: [RouterServer]] = [:]
  private var open: [InstanceName: Int] = [:]
  private var failures: [RouterError] = []
  package private(set) var isRunning = false
  /// Each change of servers that was carried out, in order.
  package private(set) var changes: [[ComponentName: [RouterServer]]] = []

  package init() {}

  /// The next operations that change something fail so, one after the other.
  package func fail(with errors: RouterError...) {
    failures += errors
  }

  /// From now on this many requests to the server are under way.
  package func hold(_ requests: Int, at instance: InstanceName) {
    open[instance] = requests
  }

  package func ensureRunning(_ frontends: [Frontend]) throws(RouterError) {
    try failIfTold()
    self.frontends = frontends
    servers = servers.filter { server in frontends.contains { $0.name == server.key } }
    isRunning = true
  }

  package func setServers(_ servers: [ComponentName: [RouterServer]]) throws(RouterError) {
    try failIfTold()
    try demandRunning()
    for (frontend, list) in servers {
      guard frontends.contains(where: { $0.name == frontend }) else {
        throw .frontendUnknown(frontend)
      }
      try Self.check(list, of: frontend)
    }
    self.servers.merge(servers) { $1 }
    changes.append(servers)
  }

  package func drain(
    _ instance: InstanceName, of frontend: ComponentName, timeoutMs: Int64
  ) throws(RouterError) -> DrainResult {
    try demandRunning()
    guard servers[frontend, default: []].contains(where: { $0.instance == instance }) else {
      throw .serverUnknown(instance, frontend: frontend)
    }
    return open[instance].map { .stillOpen($0) } ?? .empty
  }

  package func state() throws(RouterError) -> RouterState {
    try demandRunning()
    var all: [ComponentName: [ServerState]] = [:]
    for frontend in frontends {
      all[frontend.name] = servers[frontend.name, default: []]
        .sorted { $0.instance < $1.instance }
        .map { server in
          ServerState(
            server: server, open: open[server.instance, default: 0], requests: 0, answers2xx: 0,
            answers4xx: 0, answers5xx: 0, connectionErrors: 0, answerErrors: 0)
        }
    }
    return RouterState(frontends: all)
  }

  package func stop() {
    isRunning = false
  }

  private func failIfTold() throws(RouterError) {
    guard !failures.isEmpty else { return }
    throw failures.removeFirst()
  }

  private func demandRunning() throws(RouterError) {
    guard isRunning else { throw .notRunning(socket: "simulated", reason: "it was not started") }
  }

  private static func check(
    _ servers: [RouterServer], of frontend: ComponentName
  ) throws(RouterError) {
    var seen: Set<InstanceName> = []
    for server in servers {
      guard seen.insert(server.instance).inserted else {
        throw .serverInvalid(server.instance, reason: "it is named twice for \(frontend)")
      }
      guard (1...65_535).contains(server.port) else {
        throw .serverInvalid(
          server.instance, reason: "its port \(server.port) is not in 1...65535")
      }
      if case .weight(let weight) = server.share, !(1...256).contains(weight) {
        throw .serverInvalid(server.instance, reason: "its weight \(weight) is not in 1...256")
      }
    }
  }
}
