import CanonicalJSON
import Events
import Rollouts

/// What an agent answers, as one line of canonical JSON: the answer, or an error as
/// ``PlatformError``'s JSON has it.
///
///     {"answer":{"exit":{"status":0}},"version":1}
///     {"error":{"instance":"web-1","kind":"instanceTaken"},"version":1}
enum AgentAnswer: Hashable, Sendable {
  case hello(AgentIdentity)
  case replica(RunningReplica)
  case exit(ReplicaExit)
  case replicas([RunningReplica])
  /// `next` of them have been told by this agent so far; the last are listed.
  case ends([ReplicaEnd], next: Int, agent: AgentIdentity)
  case left
  case failure(PlatformError)
}

/// One agent, and no later one of the same environment.
package struct AgentIdentity: Hashable, Sendable {
  package let environment: EnvironmentName
  package let process: ProcessIdentity
  /// Drawn anew for each agent: what one has counted says nothing about another.
  package let incarnation: String
}

extension AgentAnswer {
  var json: JSONObject {
    if case .failure(let error) = self {
      return ["error": .object(error.json), "version": .integer(AgentRequest.version)]
    }
    return ["answer": .object(fields), "version": .integer(AgentRequest.version)]
  }

  private var fields: JSONObject {
    switch self {
    case .hello(let agent): ["agent": .object(agent.json)]
    case .replica(let replica): ["replica": .object(replica.json)]
    case .exit(let exit): ["exit": .object(exit.json)]
    case .replicas(let replicas): ["replicas": .array(replicas.map { .object($0.json) })]
    case .ends(let ends, let next, let agent):
      [
        "agent": .object(agent.json), "ends": .array(ends.map { .object($0.json) }),
        "next": .integer(Int64(next)),
      ]
    case .left, .failure: [:]
    }
  }

  init(json: JSONObject) throws(ShapeError) {
    _ = try json.integer("version", in: AgentRequest.version...AgentRequest.version)
    if json["error"] != nil {
      self = .failure(try PlatformError(json: try json.object("error")))
      return
    }
    let answer = try json.object("answer")
    if answer["ends"] != nil {
      self = try Self.ends(in: answer)
    } else if answer["agent"] != nil {
      self = .hello(try AgentIdentity(json: try answer.object("agent")))
    } else if answer["replica"] != nil {
      self = .replica(try RunningReplica(json: try answer.object("replica")))
    } else if answer["exit"] != nil {
      self = .exit(try ReplicaExit(json: try answer.object("exit")))
    } else if answer["replicas"] != nil {
      self = try Self.replicas(in: answer)
    } else {
      self = .left
    }
  }

  private static func replicas(in answer: JSONObject) throws(ShapeError) -> Self {
    var replicas: [RunningReplica] = []
    for object in try answer.objects("replicas") {
      replicas.append(try RunningReplica(json: object))
    }
    return .replicas(replicas)
  }

  private static func ends(in answer: JSONObject) throws(ShapeError) -> Self {
    var ends: [ReplicaEnd] = []
    for object in try answer.objects("ends") { ends.append(try ReplicaEnd(json: object)) }
    return .ends(
      ends, next: Int(try answer.integer("next", in: 0...Int64.max)),
      agent: try AgentIdentity(json: try answer.object("agent")))
  }
}

extension AgentIdentity {
  fileprivate var json: JSONObject {
    [
      "environment": .string(environment.rawValue), "incarnation": .string(incarnation),
      "pid": .integer(Int64(process.pid)), "startTicks": .integer(process.startTicks),
    ]
  }

  fileprivate init(json: JSONObject) throws(ShapeError) {
    environment = try json.name("environment")
    process = ProcessIdentity(
      pid: Int32(try json.integer("pid", in: 1...Int64(Int32.max))),
      startTicks: try json.integer("startTicks", in: 0...Int64.max))
    incarnation = try json.string("incarnation")
  }
}
