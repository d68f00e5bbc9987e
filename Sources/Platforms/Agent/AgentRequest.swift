import CanonicalJSON
import Events

/// What an agent can be asked, as one line of canonical JSON on a connection of its own:
///
///     {"ask":"stop","graceMs":5000,"instance":"web-1","version":1}
enum AgentRequest: Hashable, Sendable {
  /// Who is there.
  case hello
  case start(ReplicaSpec)
  case stop(InstanceName, graceMs: Int64)
  case running
  /// The ends told after the first `after` ones, waiting for one at most `waitMs`; nil asks only
  /// how many there have been.
  case ends(after: Int?, waitMs: Int64)
  /// To go, and leave its replicas running.
  case leave

  static let version: Int64 = 1
}

extension AgentRequest {
  var json: JSONObject {
    var object = fields
    object["ask"] = .string(name)
    object["version"] = .integer(Self.version)
    return object
  }

  private var name: String {
    switch self {
    case .hello: "hello"
    case .start: "start"
    case .stop: "stop"
    case .running: "running"
    case .ends: "ends"
    case .leave: "leave"
    }
  }

  private var fields: JSONObject {
    switch self {
    case .hello, .running, .leave: return [:]
    case .start(let spec): return ["spec": .object(spec.json)]
    case .stop(let instance, let graceMs):
      return ["graceMs": .integer(graceMs), "instance": .string(instance.rawValue)]
    case .ends(let after, let waitMs):
      var object: JSONObject = ["waitMs": .integer(waitMs)]
      object["after"] = after.map { .integer(Int64($0)) }
      return object
    }
  }

  init(json: JSONObject) throws(ShapeError) {
    _ = try json.integer("version", in: Self.version...Self.version)
    switch try json.string("ask") {
    case "hello": self = .hello
    case "start": self = .start(try ReplicaSpec(json: try json.object("spec")))
    case "stop":
      self = .stop(
        try json.name("instance"), graceMs: try json.integer("graceMs", in: 0...Self.longestMs))
    case "running": self = .running
    case "ends":
      self = .ends(
        after: json["after"] == nil
          ? nil : Int(try json.integer("after", in: 0...Int64.max)),
        waitMs: try json.integer("waitMs", in: 0...Self.longestMs))
    case "leave": self = .leave
    default: throw ShapeError("ask", is: "something an agent can be asked")
    }
  }

  /// An hour; nothing here waits longer.
  private static let longestMs: Int64 = 3_600_000
}
