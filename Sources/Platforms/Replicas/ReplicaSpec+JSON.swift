import CanonicalJSON
import Events

/// A specification as the agent's socket and its state file carry it:
///
///     {"build":"sha256:…","command":["bin/web","--port=${PORT}"],"component":"web",
///      "environment":"staging","health":{"path":"/health"},"instance":"web-1",
///      "intent":"deployment/…, step 3","logDirectory":"/…","variables":[{"name":"A","value":"b"}],
///      "wantsPort":true,"workingDirectory":"/…"}
///
/// `health` without a path is the process's own; `secrets` is there where the replica gets some.
extension ReplicaSpec {
  var json: JSONObject {
    var health = JSONObject()
    if case .http(let path) = self.health { health["path"] = .string(path) }
    var object: JSONObject = [
      "build": .string(build.description),
      "command": .array(command.map { .string($0) }),
      "component": .string(component.rawValue),
      "environment": .string(environment.rawValue),
      "health": .object(health),
      "instance": .string(instance.rawValue),
      "intent": .string(intent),
      "logDirectory": .string(logDirectory),
      "variables": .array(
        variables.sorted { $0.key < $1.key }
          .map { ["name": .string($0.key), "value": .string($0.value)] }),
      "wantsPort": .bool(wantsPort),
      "workingDirectory": .string(workingDirectory),
    ]
    if !secrets.isEmpty { object["secrets"] = .array(secrets.map { .object($0.json) }) }
    return object
  }

  init(json: JSONObject) throws(ShapeError) {
    let health = try json.object("health")
    var variables: [String: String] = [:]
    for variable in try json.objects("variables") {
      variables[try variable.string("name")] = try variable.string("value")
    }
    var secrets: [ReplicaSecret] = []
    if json["secrets"] != nil {
      for secret in try json.objects("secrets") { secrets.append(try ReplicaSecret(json: secret)) }
    }
    self.init(
      environment: try json.name("environment"), component: try json.name("component"),
      instance: try json.name("instance"), build: try json.digest("build"),
      intent: try json.string("intent"), command: try json.strings("command"),
      workingDirectory: try json.string("workingDirectory"), variables: variables,
      secrets: secrets, wantsPort: try json.bool("wantsPort"),
      logDirectory: try json.string("logDirectory"),
      health: health.isEmpty ? .process : .http(path: try health.string("path")))
  }
}

extension RunningReplica {
  /// `{"pid":…,"port":…,"spec":{…},"startTicks":…}`, without `port` when there is none.
  var json: JSONObject {
    var object: JSONObject = [
      "pid": .integer(Int64(process.pid)), "spec": .object(spec.json),
      "startTicks": .integer(process.startTicks),
    ]
    object["port"] = port.map { .integer(Int64($0)) }
    return object
  }

  init(json: JSONObject) throws(ShapeError) {
    self.init(
      spec: try ReplicaSpec(json: try json.object("spec")),
      process: ProcessIdentity(
        pid: Int32(try json.integer("pid", in: 1...Int64(Int32.max))),
        startTicks: try json.integer("startTicks", in: 0...Int64.max)),
      port: try json.port("port"))
  }
}
