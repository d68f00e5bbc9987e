import CanonicalJSON
import Environments
import Events
import Operations
import Platforms
import Projections

/// One application in one environment, as `stele status` shows it.
struct PlaceView {
  private let status: PlaceStatus

  init(_ status: PlaceStatus) {
    self.status = status
  }

  private var place: Place { status.place }
  private var state: LedgerState { status.state }
  private var startAgent: String { "stele agent \(place.environment)" }

  var json: JSONObject {
    var object: JSONObject = [
      "application": .string(place.application.rawValue),
      "environment": .string(place.environment.rawValue),
      "health": .array(status.instances.map { .object($0.json) }),
    ]
    if let sight = status.sight {
      object["agent"] = agent(sight)
      object["router"] = ["running": .bool(sight.hasRouter)]
    }
    object["running"] = status.running.map { .object($0.json) }
    object["pendingConfiguration"] = state.pendingConfiguration(in: place)
      .map { .integer(Int64($0.version)) }
    if !pendingFlags.isEmpty {
      object["pendingFlags"] = .array(
        pendingFlags.map { flag in
          var one: JSONObject = ["name": .string(flag.name)]
          one["running"] = flag.running?.json
          one["wanted"] = flag.wanted?.json
          return .object(one)
        })
    }
    if !pendingSecrets.isEmpty {
      object["pendingSecrets"] = .array(
        pendingSecrets.map { secret in
          var one: JSONObject = [
            "name": .string(secret.name.rawValue), "wanted": .integer(Int64(secret.wanted)),
          ]
          one["running"] = secret.running.map { .integer(Int64($0)) }
          return .object(one)
        })
    }
    object["deployment"] = open
    if status.running != nil { object["accuracy"] = AccuracyView(status).json }
    object["requests"] = status.unsettled?.requests
      .map { .array($0.map { .integer(Int64($0)) }) }
    return object
  }

  /// Flags that the pending configuration has otherwise than what runs.
  private var pendingFlags: [(name: String, running: FlagValue?, wanted: FlagValue?)] {
    guard let pending = state.pendingConfiguration(in: place) else { return [] }
    let version = status.running?.configurationVersion ?? 0
    let running = features(of: state.configurations.version(version, in: place))
    let wanted = features(of: pending)
    return running.overridden(by: wanted).map { flag in
      (flag.name, running[flag.name]?.value, wanted[flag.name]?.value)
    }.filter { $0.1 != $0.2 }
  }

  /// Secrets of which what runs has another version than a deployment would bring now.
  private var pendingSecrets: [(name: SecretName, running: Int?, wanted: Int)] {
    let version = status.running?.configurationVersion ?? 0
    guard let applied = state.configurations.version(version, in: place),
      let configuration = try? ResolvedConfiguration(recorded: applied.configuration)
    else { return [] }
    return configuration.storedSecrets.compactMap { name, version in
      guard let newest = state.secrets.secret(name, in: place)?.newest?.number, newest != version
      else { return nil }
      return (name, version, newest)
    }
  }

  /// None where a configuration has none that this version can read: its own number is shown.
  private func features(of applied: Configurations.Applied?) -> [FeatureFlag] {
    applied.flatMap { try? EnvironmentConfiguration(recorded: $0.configuration).features } ?? []
  }

  private func agent(_ sight: RuntimeSight) -> JSONValue {
    var object: JSONObject = ["running": .bool(sight.hasAgent)]
    if status.lacksAgent { object["next"] = .string(startAgent) }
    return .object(object)
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
      object["driven"] = .bool(status.isDriven(lease))
    }
    return .object(object)
  }

  func lines(_ style: Style) -> [String] {
    [style.environment(place.environment.rawValue) + "  " + place.application.rawValue]
      + releaseLines(style) + accuracyLines(style) + waitingLines(style) + unhealthyLines(style)
      + machineLines(style)
  }

  private func releaseLines(_ style: Style) -> [String] {
    guard let running = status.running else {
      return ["  running    nothing that a deployment has proven"]
    }
    let certainty = running.certainty.rawValue
    return [
      "  running    \(place.environment)#\(running.release)  build \(running.build.shortText)  "
        + "configuration \(running.configurationVersion)  since \(running.since.seconds)"
    ]
      + (running.certainty == .proven
        ? []
        : [
          "  "
            + style.bad(
              "certainty  \(certainty): "
                + (state.deployments.open(in: place) == nil
                  ? "look at what runs, then go back (stele rollback \(place.environment)) or on "
                    + "(stele deploy \(place.environment))"
                  : "of what ran before, until what is under way is over"))
        ])
      + running.components.map { "  \($0.name)  \(HealthCount(of: $0, new: false, in: status))" }
  }

  private func accuracyLines(_ style: Style) -> [String] {
    guard status.running != nil else { return [] }
    let view = AccuracyView(status)
    let line = "  accuracy   \(view.words)"
    return [view.isSound ? line : style.warning(line)]
  }

  private func waitingLines(_ style: Style) -> [String] {
    var lines: [String] = []
    if let pending = state.pendingConfiguration(in: place) {
      lines.append(
        style.warning(
          "  pending    configuration \(pending.version), recorded \(pending.recorded.seconds)"))
      lines += pendingFlags.map { flag in
        func shown(_ value: FlagValue?) -> String {
          value.map { Secrecy.shown($0.text, at: flag.name) } ?? "-"
        }
        return style.warning(
          "  flag       \(flag.name)  \(shown(flag.running)) → \(shown(flag.wanted))")
      }
    }
    lines += pendingSecrets.map { secret in
      let running = secret.running.map { "\($0)" } ?? "-"
      return style.warning(
        "  secret     \(secret.name)  \(running) → \(secret.wanted): "
          + "stele deploy \(place.environment)")
    }
    if let open = state.deployments.open(in: place) { lines.append(line(of: open, style)) }
    return lines
      + (status.unsettled?.components ?? [])
      .map { "  new \($0.name)  \(HealthCount(of: $0, new: true, in: status))" }
      + leftLines(style) + requestLines(style)
  }

  private func leftLines(_ style: Style) -> [String] {
    (status.unsettled?.left ?? []).map { left in
      let owner =
        left.release == 0
        ? "what the ledger does not know" : "\(place.environment)#\(left.release), which was held"
      return "  left \(left.component)  \(left.count) of \(owner)"
    }
  }

  /// Where requests go while that is not simply what runs.
  private func requestLines(_ style: Style) -> [String] {
    guard let requests = status.unsettled?.requests else { return [] }
    guard !requests.isEmpty else { return ["  " + style.bad("requests   go nowhere")] }
    let names = requests.map { "\(place.environment)#\($0)" }.joined(separator: " and ")
    return ["  requests   go to \(names)"]
  }

  private func unhealthyLines(_ style: Style) -> [String] {
    status.instances.filter { $0.state == .unhealthy }.map { one in
      "  " + style.bad("unhealthy  \(one.instance) since \(one.since.seconds)")
        + (one.reason.map { ": \($0)" } ?? "")
    }
  }

  /// Who should be there and is not.
  private func machineLines(_ style: Style) -> [String] {
    var lines: [String] = []
    if status.lacksAgent {
      lines.append("  " + style.bad("agent      none looks after this: \(startAgent)"))
    }
    if status.lacksRouter {
      let next = !status.lacksAgent ? "its agent starts it again" : "an agent starts it again"
      lines.append("  " + style.bad("router     does not run: \(next)"))
    }
    return lines
  }

  private func line(of open: Deployments.Deployment, _ style: Style) -> String {
    let isDriven = state.leases.lease(in: place).map(status.isDriven) ?? false
    let text =
      isDriven
      ? "is under way" : "has no driver: stele recover \(place.environment)"
    return style.warning("  deploying  \(place.environment)#\(open.release), \(open.id) \(text)")
  }
}

/// Of how many replicas it is known that they are healthy; no data is said to be none, and old data
/// is said to be old.
private struct HealthCount: CustomStringConvertible {
  let description: String

  init(of component: DeploymentComponent, new isNew: Bool, in status: PlaceStatus) {
    let known = status.instances.filter {
      $0.component == component.name && $0.isNew == isNew && !$0.isLeft
    }
    let healthy = known.count { $0.state == .healthy }
    let unhealthy = known.count { $0.state == .unhealthy }
    let gone = status.unsettled?.ended(of: component.name, new: isNew) ?? 0
    let ended = max(0, min(gone, component.replicas - known.count))
    let unknown = max(0, component.replicas - healthy - unhealthy - ended)
    let oldest = known.filter(\.isStale).map(\.ageMs).max()
    description =
      "\(healthy) of \(component.replicas) healthy"
      + (ended > 0 ? ", \(ended) ended" : "")
      + (unknown > 0 ? ", \(unknown) unknown" : "")
      + (oldest.map { ", last heard of \($0 / 1_000) s ago" } ?? "")
  }
}

extension RunningReleases.Running {
  fileprivate var json: JSONObject {
    [
      "build": .string(build.description), "certainty": .string(certainty.rawValue),
      "components": .array(components.map(\.json)),
      "configuration": .integer(Int64(configurationVersion)),
      "deployment": .string("\(deployment)"), "position": .integer(Int64(position)),
      "release": .integer(Int64(release)), "since": .string(since.description),
    ]
  }
}

extension InstanceStatus {
  fileprivate var json: JSONObject {
    var object: JSONObject = [
      "ageMs": .integer(Int64(ageMs)), "component": .string(component.rawValue),
      "heard": .string(heard.description), "instance": .string(instance.rawValue),
      "left": .bool(isLeft), "new": .bool(isNew), "since": .string(since.description),
      "state": .string(state.rawValue),
    ]
    object["reason"] = reason.map { .string($0.text) }
    return object
  }
}
