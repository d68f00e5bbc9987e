import CanonicalJSON
import Events

/// What a router is to do, as it was last told: it outlives the router, which is given it again
/// after every start.
///
///     {"frontends":[{"name":"web","port":8080,"servers":[
///       {"instance":"web-1","port":40213,"weight":100}]}],"version":1}
///
/// A server without `weight` is draining.
struct RouterPlan: Hashable, Sendable {
  /// By name.
  private(set) var frontends: [Frontend] = []
  private(set) var servers: [ComponentName: [RouterServer]] = [:]

  init(frontends: [Frontend] = [], servers: [ComponentName: [RouterServer]] = [:]) {
    self.frontends = frontends.sorted { $0.name < $1.name }
    self.servers = servers.mapValues { $0.sorted { $0.instance < $1.instance } }
  }

  func servers(of frontend: ComponentName) -> [RouterServer] { servers[frontend] ?? [] }

  /// The plan with other frontends; those that stay keep their servers.
  func with(_ frontends: [Frontend]) -> RouterPlan {
    let names = Set(frontends.map(\.name))
    return RouterPlan(frontends: frontends, servers: servers.filter { names.contains($0.key) })
  }

  /// The plan with other servers for some frontends.
  func with(
    _ changed: [ComponentName: [RouterServer]]
  ) throws(RouterError) -> RouterPlan {
    for (frontend, servers) in changed {
      guard frontends.contains(where: { $0.name == frontend }) else {
        throw .frontendUnknown(frontend)
      }
      var seen: Set<InstanceName> = []
      for server in servers {
        guard seen.insert(server.instance).inserted else {
          throw .serverInvalid(server.instance, reason: "it is named twice for \(frontend)")
        }
        try server.check()
      }
    }
    return RouterPlan(frontends: frontends, servers: servers.merging(changed) { $1 })
  }
}

extension RouterServer {
  fileprivate func check() throws(RouterError) {
    guard (1...65_535).contains(port) else {
      throw .serverInvalid(instance, reason: "its port \(port) is not in 1...65535")
    }
    if case .weight(let weight) = share, !(1...256).contains(weight) {
      throw .serverInvalid(instance, reason: "its weight \(weight) is not in 1...256")
    }
  }
}

extension RouterPlan {
  var json: JSONObject {
    [
      "frontends": .array(
        frontends.map { frontend in
          [
            "name": .string(frontend.name.rawValue), "port": .integer(Int64(frontend.port)),
            "servers": .array(servers(of: frontend.name).map { .object($0.json) }),
          ]
        }), "version": 1,
    ]
  }

  init(json: JSONObject) throws(ShapeError) {
    _ = try json.integer("version", in: 1...1)
    var frontends: [Frontend] = []
    var all: [ComponentName: [RouterServer]] = [:]
    for object in try json.objects("frontends") {
      let name: ComponentName = try object.name("name")
      frontends.append(Frontend(name: name, port: Int(try object.integer("port", in: 1...65_535))))
      var servers: [RouterServer] = []
      for server in try object.objects("servers") { servers.append(try RouterServer(json: server)) }
      all[name] = servers
    }
    self.init(frontends: frontends, servers: all)
  }
}

extension RouterServer {
  fileprivate var json: JSONObject {
    var object: JSONObject = [
      "instance": .string(instance.rawValue), "port": .integer(Int64(port)),
    ]
    if case .weight(let weight) = share { object["weight"] = .integer(Int64(weight)) }
    return object
  }

  fileprivate init(json: JSONObject) throws(ShapeError) {
    let share: Share =
      json["weight"] == nil
      ? .draining : .weight(Int(try json.integer("weight", in: 1...256)))
    self.init(
      instance: try json.name("instance"), port: Int(try json.integer("port", in: 1...65_535)),
      share: share)
  }
}
