/// What can be seen of an environment's agent and router on this machine without asking them
/// anything: whether they are there.
package struct RuntimeSight: Hashable, Sendable {
  package let hasAgent: Bool
  package let hasRouter: Bool

  package init(hasAgent: Bool, hasRouter: Bool) {
    self.hasAgent = hasAgent
    self.hasRouter = hasRouter
  }

  /// Looks once, and waits for nobody.
  package init(of directory: RunDirectory) {
    self.init(
      hasAgent: directory.agentSocket.isListening,
      hasRouter: UnixSocket(
        directory: directory.router, name: HAProxyConfiguration.socketName
      ).isListening)
  }
}
