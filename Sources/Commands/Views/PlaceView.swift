import CanonicalJSON
import Events
import Operations
import Projections

/// One application in one environment, as `stele status` shows it.
struct PlaceView {
  private let place: Place
  private let state: LedgerState
  private let now: Timestamp
  private let isPast: Bool

  /// - Parameter isPast: `now` was a moment of the past, whose processes cannot be asked any more.
  init(_ place: Place, _ state: LedgerState, now: Timestamp, isPast: Bool) {
    self.place = place
    self.state = state
    self.now = now
    self.isPast = isPast
  }

  private var running: RunningReleases.Running? { state.running.running(in: place) }

  private var pending: Configurations.Applied? {
    guard let latest = state.configurations.latest(in: place),
      latest.version != running?.configurationVersion
    else { return nil }
    return latest
  }

  var json: JSONObject {
    var object: JSONObject = [
      "application": .string(place.application.rawValue),
      "environment": .string(place.environment.rawValue),
      "health": .array(instances.map { .object($0) }),
    ]
    if let running {
      object["running"] = [
        "build": .string(running.build.description),
        "certainty": .string(running.certainty.rawValue),
        "components": .array(running.components.map(\.json)),
        "configuration": .integer(Int64(running.configurationVersion)),
        "deployment": .string("\(running.deployment)"),
        "position": .integer(Int64(running.position)), "release": .integer(Int64(running.release)),
        "since": .string(running.since.description),
      ]
    }
    object["pendingConfiguration"] = pending.map { .integer(Int64($0.version)) }
    object["deployment"] = open
    return object
  }

  private var open: JSONValue? {
    guard let open = state.deployments.open(in: place) else { return nil }
    var object: JSONObject = [
      "id": .string("\(open.id)"), "release": .integer(Int64(open.release)),
      "started": .string(open.started.description),
    ]
    if let lease = state.leases.lease(in: place) {
      object["owner"] = .string("\(lease.owner)")
      object["leaseUntil"] = .string(lease.until.description)
      object["driven"] = .bool(isDriven(lease))
    }
    return .object(object)
  }

  private var instances: [JSONObject] {
    state.health.instances(in: place).sorted { $0.key < $1.key }.map { instance, health in
      var object: JSONObject = [
        "component": .string(health.component.rawValue), "instance": .string(instance.rawValue),
        "since": .string(health.since.description), "state": .string(health.state.rawValue),
      ]
      object["reason"] = health.reason.map { .string($0.text) }
      return object
    }
  }

  func lines(_ style: Style) -> [String] {
    var lines = [style.environment(place.environment.rawValue) + "  " + place.application.rawValue]
    if let running {
      lines.append(
        "  running    \(place.environment)#\(running.release)  build \(running.build.shortText)  "
          + "configuration \(running.configurationVersion)  since \(running.since.seconds)")
      if running.certainty != .proven {
        lines.append(
          "  " + style.bad("certainty  \(running.certainty.rawValue): look at what runs"))
      }
      lines += running.components.map { "  \($0.name)  \(health(of: $0))" }
    } else {
      lines.append("  running    nothing that a deployment has proven")
    }
    if let pending {
      lines.append(
        style.warning(
          "  pending    configuration \(pending.version), recorded \(pending.recorded.seconds)"))
    }
    if let open = state.deployments.open(in: place) { lines.append(line(of: open, style)) }
    for (instance, health) in state.health.instances(in: place).sorted(by: { $0.key < $1.key })
    where health.state == .unhealthy {
      lines.append(
        "  " + style.bad("unhealthy  \(instance) since \(health.since.seconds)")
          + (health.reason.map { ": \($0)" } ?? ""))
    }
    return lines
  }

  /// Of how many replicas it is known that they are healthy; no data is said to be none.
  private func health(of component: DeploymentComponent) -> String {
    let known = state.health.instances(in: place).values.filter { $0.component == component.name }
    let healthy = known.count { $0.state == .healthy }
    let unhealthy = known.count { $0.state == .unhealthy }
    let unknown = max(0, component.replicas - healthy - unhealthy)
    return "\(healthy) of \(component.replicas) healthy"
      + (unknown > 0 ? ", \(unknown) unknown" : "")
  }

  private func isDriven(_ lease: Leases.Lease) -> Bool {
    isPast ? lease.isHeld(at: now) : lease.isDriven(at: now)
  }

  private func line(of open: Deployments.Deployment, _ style: Style) -> String {
    let isDriven = state.leases.lease(in: place).map(isDriven) ?? false
    let text =
      isDriven
      ? "is under way" : "has no driver: stele recover \(place.environment)"
    return style.warning("  deploying  \(place.environment)#\(open.release), \(open.id) \(text)")
  }
}
