import CanonicalJSON
import Events

/// An error on its way through an agent's socket: its case as `kind`, and its values.
extension PlatformError {
  var json: JSONObject {
    var object: JSONObject
    switch self {
    case .notExecutable(let path, let reason), .stateNotWritten(let path, let reason),
      .stateNotRead(let path, let reason), .agentAnswer(let path, let reason):
      object = ["path": .string(path), "reason": .string(reason)]
    case .agentNotReached(let path, let reason, let lock):
      object = ["path": .string(path), "reason": .string(reason)]
      object["lock"] = lock.map { .string($0) }
    case .noWorkingDirectory(let path): object = ["path": .string(path)]
    case .notStarted(let instance, let reason):
      object = ["instance": .string(instance.rawValue), "reason": .string(reason)]
    case .instanceTaken(let instance): object = ["instance": .string(instance.rawValue)]
    case .notStopped(let instance, let pid):
      object = ["instance": .string(instance.rawValue), "pid": .integer(Int64(pid))]
    case .agentRunsAlready(let environment, let lock):
      object = ["environment": .string(environment.rawValue), "path": .string(lock)]
    }
    object["kind"] = .string(kind)
    return object
  }

  private var kind: String {
    switch self {
    case .notExecutable: "notExecutable"
    case .noWorkingDirectory: "noWorkingDirectory"
    case .notStarted: "notStarted"
    case .instanceTaken: "instanceTaken"
    case .notStopped: "notStopped"
    case .stateNotWritten: "stateNotWritten"
    case .stateNotRead: "stateNotRead"
    case .agentRunsAlready: "agentRunsAlready"
    case .agentNotReached: "agentNotReached"
    case .agentAnswer: "agentAnswer"
    }
  }

  init(json: JSONObject) throws(ShapeError) {
    switch try json.string("kind") {
    case "notExecutable":
      self = .notExecutable(path: try json.string("path"), reason: try json.string("reason"))
    case "noWorkingDirectory": self = .noWorkingDirectory(path: try json.string("path"))
    case "notStarted":
      self = .notStarted(try json.name("instance"), reason: try json.string("reason"))
    case "instanceTaken": self = .instanceTaken(try json.name("instance"))
    case "notStopped":
      self = .notStopped(
        try json.name("instance"), pid: Int32(try json.integer("pid", in: 1...Int64(Int32.max))))
    case "stateNotWritten":
      self = .stateNotWritten(path: try json.string("path"), reason: try json.string("reason"))
    case "stateNotRead":
      self = .stateNotRead(path: try json.string("path"), reason: try json.string("reason"))
    case "agentRunsAlready":
      self = .agentRunsAlready(
        environment: try json.name("environment"), lock: try json.string("path"))
    case "agentNotReached":
      self = .agentNotReached(
        socket: try json.string("path"), reason: try json.string("reason"),
        lock: json["lock"] == nil ? nil : try json.string("lock"))
    case "agentAnswer":
      self = .agentAnswer(socket: try json.string("path"), reason: try json.string("reason"))
    default: throw ShapeError("kind", is: "an error of an agent")
    }
  }
}
