import Environments
import Events
import Platforms

/// The servers that a router is to have: one for each replica with a port, at its component's
/// frontend. A frontend without replicas has none, so that no request goes to a port that is
/// another program's by now.
struct RouterServers: Equatable {
  let byFrontend: [ComponentName: [RouterServer]]

  /// - Parameters:
  ///   - frontends: What the router has; replicas of other components get no requests from it.
  ///   - serving: Replicas that get requests.
  ///   - draining: Replicas that only answer what they have.
  init(frontends: [Frontend], serving: [RunningReplica], draining: [RunningReplica] = []) {
    var servers = Dictionary(
      frontends.map { ($0.name, [RouterServer]()) }, uniquingKeysWith: { first, _ in first })
    let shares = serving.map { ($0, RouterServer.Share.weight(100)) }
    for (replica, share) in shares + draining.map({ ($0, .draining) }) {
      guard let port = replica.port else { continue }
      servers[replica.spec.component]?.append(
        RouterServer(instance: replica.spec.instance, port: port, share: share))
    }
    byFrontend = servers
  }
}

extension ResolvedConfiguration {
  /// The ports that take requests, one a component that takes traffic.
  package var frontends: [Frontend] {
    application.components.compactMap { component in
      component.port.map { Frontend(name: component.name, port: $0) }
    }
  }
}
