import Events
import Platforms
import Testing

@testable import Operations

@Suite struct RouterServersTests {
  private let frontends = [Frontend(name: "web", port: 80), Frontend(name: "api", port: 81)]

  @Test func `each replica with a port is a server of its component`() {
    let servers = RouterServers(
      frontends: frontends,
      serving: [Replicas.running("web-1", port: 9), Replicas.running("api-1", component: "api")],
      draining: [Replicas.running("web-0", port: 8)])

    #expect(
      servers.byFrontend == [
        "web": [
          RouterServer(instance: "web-1", port: 9),
          RouterServer(instance: "web-0", port: 8, share: .draining),
        ], "api": [RouterServer(instance: "api-1", port: 9)],
      ])
  }

  @Test func `a frontend without replicas has no server`() {
    let servers = RouterServers(frontends: frontends, serving: [])

    #expect(servers.byFrontend == ["web": [], "api": []])
  }

  @Test func `a replica without a port or a frontend gets no requests`() {
    let servers = RouterServers(
      frontends: [frontends[0]],
      serving: [
        Replicas.running("web-1", port: nil), Replicas.running("worker-1", component: "worker"),
      ])

    #expect(servers.byFrontend == ["web": []])
  }
}
