import Events
import Platforms
import Testing

@testable import Operations

/// Who gets requests, by what is known of each.
@Suite struct HealthyTrafficTests {
  private let replicas = [
    Replicas.running("web-1"), Replicas.running("web-2"),
    Replicas.running("api-1", component: "api"),
  ]

  private func traffic(
    healthy: Set<InstanceName>, unhealthy: Set<InstanceName>
  ) -> (serving: [InstanceName], resting: [InstanceName]) {
    let traffic = HealthyTraffic(replicas, healthy: healthy, unhealthy: unhealthy)
    return (traffic.serving.map(\.spec.instance), traffic.resting.map(\.spec.instance))
  }

  @Test func `an unhealthy replica rests while another of its component is healthy`() {
    #expect(
      traffic(healthy: ["web-2"], unhealthy: ["web-1"]) == (["web-2", "api-1"], ["web-1"]))
  }

  @Test func `the last ones stay, however unhealthy`() {
    let all = (["web-1", "web-2", "api-1"] as [InstanceName], [InstanceName]())

    #expect(traffic(healthy: [], unhealthy: ["web-1", "web-2", "api-1"]) == all)
    #expect(traffic(healthy: ["api-1"], unhealthy: ["web-1", "web-2"]) == all)
    #expect(traffic(healthy: ["web-1", "web-2"], unhealthy: ["api-1"]) == all)
  }

  @Test func `what else answers for a component does so, alone, until one of its own is well`() {
    func traffic(healthy: Set<InstanceName>) -> HealthyTraffic {
      HealthyTraffic(
        replicas, healthy: healthy, unhealthy: ["web-2"],
        beside: [Replicas.running("web-old"), Replicas.running("job-old", component: "job")])
    }

    #expect(
      traffic(healthy: ["api-1"]).serving.map(\.spec.instance)
        == ["api-1", "web-old", "job-old"])
    #expect(traffic(healthy: ["api-1"]).resting.map(\.spec.instance) == ["web-1", "web-2"])
    #expect(
      traffic(healthy: ["web-1"]).serving.map(\.spec.instance) == ["web-1", "api-1", "job-old"])
    #expect(traffic(healthy: ["web-1"]).resting.map(\.spec.instance) == ["web-2"])
  }

  @Test func `what cannot be asked is well when it runs`() {
    let worker = Replicas.running("job-1", component: "job", port: nil)

    let traffic = HealthyTraffic(
      [worker], healthy: [], unhealthy: [],
      beside: [Replicas.running("job-old", component: "job", port: nil)])

    #expect(traffic.serving == [worker])
  }

  @Test func `one of which nothing is known is no reason to take another one out`() {
    #expect(traffic(healthy: [], unhealthy: ["web-1"]).resting == [])
    #expect(traffic(healthy: ["web-2"], unhealthy: []).resting == [])
  }
}
