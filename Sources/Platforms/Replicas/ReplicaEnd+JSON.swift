import CanonicalJSON
import Rollouts

extension ReplicaEnd {
  /// `{"exit":{…},"replica":{…},"wasAsked":…}`.
  var json: JSONObject {
    [
      "exit": .object(exit.json), "replica": .object(replica.json), "wasAsked": .bool(wasAsked),
    ]
  }

  init(json: JSONObject) throws(ShapeError) {
    self.init(
      replica: try RunningReplica(json: try json.object("replica")),
      exit: try ReplicaExit(json: try json.object("exit")), wasAsked: try json.bool("wasAsked"))
  }
}

extension ReplicaExit {
  /// `{"status":…}`, `{"signal":…}`, or `{}` when nobody saw it.
  var json: JSONObject {
    switch self {
    case .status(let status): ["status": .integer(Int64(status))]
    case .signal(let signal): ["signal": .integer(Int64(signal))]
    case .unknown: [:]
    }
  }

  init(json: JSONObject) throws(ShapeError) {
    if json["status"] != nil {
      self = .status(Int(try json.integer("status", in: 0...255)))
    } else if json["signal"] != nil {
      self = .signal(Int(try json.integer("signal", in: 1...127)))
    } else {
      self = .unknown
    }
  }
}
