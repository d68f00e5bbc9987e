import CanonicalJSON
import Events

/// A request on its way to an agent, with how long its client waits for the answer:
///
///     {"ask":"running","untilMs":86400000,"version":1}
///
/// An agent that was stopped on the way, by a debugger, a frozen cgroup or a machine without
/// memory, reads it when nobody waits any more: what it started then would be in no entry.
struct AgentQuestion: Hashable, Sendable {
  let request: AgentRequest
  /// On ``KernelClock/sinceBootMs``, which client and agent have in common.
  let untilMs: Int64

  var json: JSONObject {
    var object = request.json
    object["untilMs"] = .integer(untilMs)
    return object
  }

  init(_ request: AgentRequest, untilMs: Int64) {
    self.request = request
    self.untilMs = untilMs
  }

  init(_ request: AgentRequest, waiting patience: Duration) {
    self.init(request, untilMs: KernelClock.sinceBootMs + Int64(patience / .milliseconds(1)))
  }

  init(json: JSONObject) throws(ShapeError) {
    request = try AgentRequest(json: json)
    untilMs = try json.integer("untilMs", in: 0...Int64.max)
  }

  /// Whether whoever asked has given up.
  func isLate(atMs now: Int64) -> Bool { now > untilMs }
}
