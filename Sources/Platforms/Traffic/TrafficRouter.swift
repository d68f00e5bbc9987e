import Events

/// What sends requests to replicas. Its behaviour is stated, and tested, by `TrafficContract` in
/// `TestKit`.
///
/// No request is lost by anything asked of it here: servers are added before others leave, and
/// those that leave answer what they have begun.
package protocol TrafficRouter: Sendable {
  /// Brings the router to run with exactly these frontends, and with the servers it was last given.
  /// Nothing happens when it runs so already.
  func ensureRunning(_ frontends: [Frontend]) async throws(RouterError)

  /// Makes these the servers of each frontend named, all at once as seen by a request: those that
  /// serve are there before others stop getting requests. Servers not named any more are forgotten
  /// when their last connection has ended. Frontends not named keep their servers.
  ///
  /// They survive a restart of the router: ``ensureRunning(_:)`` gives them back.
  func setServers(_ servers: [ComponentName: [RouterServer]]) async throws(RouterError)

  /// Waits until a server that is draining has no request under way, at most `timeoutMs`.
  func drain(
    _ instance: InstanceName, of frontend: ComponentName, timeoutMs: Int64
  ) async throws(RouterError) -> DrainResult

  /// What the router does now, as it says itself.
  func state() async throws(RouterError) -> RouterState

  /// Ends the router. Requests under way are cut off.
  func stop() async throws(RouterError)
}

/// A port that takes requests for a component.
package struct Frontend: Hashable, Sendable {
  package let name: ComponentName
  /// 1...65535, on 127.0.0.1.
  package let port: Int

  package init(name: ComponentName, port: Int) {
    self.name = name
    self.port = port
  }
}

/// A replica as the router knows it.
package struct RouterServer: Hashable, Sendable {
  package enum Share: Hashable, Sendable {
    /// Gets requests in proportion to this number, 1...256.
    case weight(Int)
    /// Gets none, and answers those it has.
    case draining
  }

  package let instance: InstanceName
  /// Where it listens on 127.0.0.1.
  package let port: Int
  package let share: Share

  package init(instance: InstanceName, port: Int, share: Share = .weight(100)) {
    self.instance = instance
    self.port = port
    self.share = share
  }
}

/// Whether a server that gets no new requests has answered its last.
package enum DrainResult: Hashable, Sendable {
  /// No request is under way.
  case empty
  /// Time is up and this many still are.
  case stillOpen(Int)
}

/// What a router says of itself at one moment.
package struct RouterState: Hashable, Sendable {
  package let frontends: [ComponentName: [ServerState]]

  package init(frontends: [ComponentName: [ServerState]]) {
    self.frontends = frontends
  }
}

/// One server with its counters, which begin at 0 when the router starts or is reloaded.
package struct ServerState: Hashable, Sendable {
  package let server: RouterServer
  /// Requests under way.
  package let open: Int
  /// Requests ever sent to it.
  package let requests: Int
  /// Answers by the hundreds of their status.
  package let answers2xx: Int
  package let answers4xx: Int
  package let answers5xx: Int
  /// Connections that were not made, and answers that did not come.
  package let connectionErrors: Int
  package let answerErrors: Int

  package init(
    server: RouterServer, open: Int, requests: Int, answers2xx: Int, answers4xx: Int,
    answers5xx: Int, connectionErrors: Int, answerErrors: Int
  ) {
    self.server = server
    self.open = open
    self.requests = requests
    self.answers2xx = answers2xx
    self.answers4xx = answers4xx
    self.answers5xx = answers5xx
    self.connectionErrors = connectionErrors
    self.answerErrors = answerErrors
  }
}
