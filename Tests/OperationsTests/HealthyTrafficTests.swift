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
    doubted: Set<InstanceName>, lacking: Set<ComponentName> = [],
    beside others: [RunningReplica] = []
  ) -> (serving: [InstanceName], resting: [InstanceName]) {
    let traffic = HealthyTraffic(replicas, doubted: doubted, lacking: lacking, beside: others)
    return (traffic.serving.map(\.spec.instance), traffic.resting.map(\.spec.instance))
  }

  @Test func `one that is not known to be well rests while another of its component is well`() {
    #expect(traffic(doubted: ["web-1"]) == (["web-2", "api-1"], ["web-1"]))
  }

  @Test func `the last ones stay, whatever is thought of them`() {
    let all = (["web-1", "web-2", "api-1"] as [InstanceName], [InstanceName]())

    #expect(traffic(doubted: ["web-1", "web-2", "api-1"]) == all)
    #expect(traffic(doubted: ["web-1", "web-2"]) == all)
    #expect(traffic(doubted: ["api-1"]) == all)
    #expect(traffic(doubted: []) == all)
  }

  @Test func `what else answers for a component does so until all of its own are well`() {
    let others = [Replicas.running("web-old"), Replicas.running("job-old", component: "job")]

    #expect(
      traffic(doubted: ["web-1", "web-2"], beside: others)
        == (["api-1", "web-old", "job-old"], ["web-1", "web-2"]))
    #expect(
      traffic(doubted: ["web-2"], beside: others)
        == (["web-1", "api-1", "web-old", "job-old"], ["web-2"]))
    #expect(
      traffic(doubted: ["api-1"], beside: others)
        == (["web-1", "web-2", "api-1", "job-old"], []))
    #expect(
      traffic(doubted: [], lacking: ["web"], beside: others)
        == (["web-1", "web-2", "api-1", "web-old", "job-old"], []))
  }

  @Test func `what cannot be asked is well when it runs`() {
    #expect(Replicas.running("job-1", component: "job", port: nil).isWell(healthy: []))
    #expect(!Replicas.running("web-1").isWell(healthy: []))
    #expect(Replicas.running("web-1").isWell(healthy: ["web-1"]))
  }
}
