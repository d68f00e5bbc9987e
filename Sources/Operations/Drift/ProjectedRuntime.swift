import CanonicalJSON
import Environments
import Events
import LedgerStore
import Platforms
import Projections
import Rollouts

/// What the ledger says is to run in one place, down to each replica's specification.
struct ProjectedRuntime: Sendable {
  let running: RunningReleases.Running
  let configuration: ResolvedConfiguration
  let history: DeploymentHistory
  let orders: ReplicaOrders
  /// Of the replicas that are to run, the slots that they are in.
  let slots: [InstanceName: Slot]
  /// What the ledger heard of health.
  let health: [InstanceName: HealthState]

  /// What the replica in a slot is to be started with.
  ///
  /// - Throws: ``ReplicaOrderError``; `TemplateError`.
  func spec(of instance: InstanceName, in slot: Slot) throws -> ReplicaSpec {
    try orders.spec(for: slot, instance: instance, step: 0)
  }

  func takesTraffic(_ component: ComponentName) -> Bool {
    running.components.contains { $0.name == component && $0.takesTraffic }
  }

  /// Who of these gets requests and who rests, as their agent decides it between rollouts.
  func traffic(of replicas: [RunningReplica]) -> HealthyTraffic {
    let wanted = replicas.filter { slots[$0.spec.instance] != nil }
    let healthy = Set(health.filter { $0.value == .healthy }.keys)
    let doubted = wanted.filter { !$0.isWell(healthy: healthy) }.map(\.spec.instance)
    return HealthyTraffic(wanted, doubted: Set(doubted))
  }

  /// - Throws: As ``spec(of:in:)``.
  func wanted() throws -> WantedRuntime {
    var replicas: [InstanceName: ReplicaLeaves] = [:]
    for (instance, slot) in slots {
      let spec = try spec(of: instance, in: slot)
      replicas[instance] = ReplicaLeaves(
        component: spec.component, started: spec.leaves,
        handed: .seen(HandedLeaves.object(spec.variables) ?? [:]))
    }
    return WantedRuntime(
      configuration: configuration.recorded,
      counts: Dictionary(
        running.components.map { ($0.name, $0.replicas) }, uniquingKeysWith: { $1 }),
      replicas: replicas, routes: routes)
  }

  /// A router that is to have nothing is one leaf: that it has nothing.
  private var routes: Int {
    let frontends = Set(configuration.frontends.map(\.name.rawValue))
    return max(1, frontends.count + slots.values.count { frontends.contains($0.component) })
  }
}

extension WantedRuntime {
  /// Nothing is to run.
  static let nothing = WantedRuntime(configuration: [:], counts: [:], replicas: [:], routes: 1)
  /// It cannot be told what is to run.
  static let uncertain = WantedRuntime(configuration: [:], counts: [:], replicas: [:], routes: 0)
}

/// What can be said of what is to run.
enum Projected: Sendable {
  case nothing
  case certain(ProjectedRuntime)
  /// Why it cannot be told which replicas are to run.
  case uncertain(MachineWords)
}

extension Session {
  /// - Throws: What makes the ledger's record of it unreadable.
  func projected(in place: Place) throws -> Projected {
    let state = try state()
    if let open = state.deployments.open(in: place) {
      return .uncertain("deployment \(open.id) of \(place.environment) has not ended")
    }
    if let lease = state.leases.lease(in: place), lease.isDriven(at: time.now()),
      lease.process != .this
    {
      return .uncertain("process \(lease.process.pid) is changing what runs there")
    }
    guard let running = state.running.running(in: place) else { return .nothing }
    guard running.certainty == .proven else {
      return .uncertain(
        MachineWords(
          "what runs in \(place.environment) is \(running.certainty.rawValue) since deployment "
            + "\(running.deployment)"))
    }
    let history = try knownHistory(of: running.deployment)
    guard let applied = state.configurations.version(running.configurationVersion, in: place)
    else {
      throw DeploymentError.configurationMissing(
        place.environment, running.configurationVersion)
    }
    let replicas = try DeploymentReplicas(history)
    return .certain(
      ProjectedRuntime(
        running: running,
        configuration: try applied.resolved(in: place.environment),
        history: history, orders: try ReplicaOrders(history, state, in: workspace),
        slots: replicas.slots.filter { replicas.wanted.contains($0.key) },
        health: state.health.instances(in: place).mapValues(\.state)))
  }
}

extension ReplicaSpec {
  /// What an agent starts it with, but for the configuration that its process has itself; secrets
  /// by name and version.
  var leaves: JSONObject {
    let health: String =
      switch self.health {
      case .process: "process"
      case .http(let path): "GET \(path)"
      }
    var object: JSONObject = [
      "build": .string("\(build)"), "command": .array(command.map { .string($0) }),
      "health": .string(health), "workingDirectory": .string(workingDirectory),
    ]
    let own = variables.filter { !HandedLeaves.names.contains($0.key) }
    if !own.isEmpty {
      object["variables"] = .array(
        own.map { ["name": .string($0.key), "value": .string($0.value)] })
    }
    if !secrets.isEmpty { object["secrets"] = .array(secrets.map { .object($0.leaves) }) }
    return object
  }
}

extension ReplicaSecret {
  fileprivate var leaves: JSONObject {
    var object: JSONObject = [
      "file": .bool(isFile), "from": .string(origin.dataText), "name": .string(variable),
    ]
    object["version"] = version.map { .integer(Int64($0)) }
    return object
  }
}
