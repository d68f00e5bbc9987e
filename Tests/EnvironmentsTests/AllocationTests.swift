import Testing

@testable import Environments

/// What replicas need, in exact numbers.
@Suite struct AllocationTests {
  let resources: Resources

  init() throws { resources = try Sources.load(Sources.complete()).configuration.resources }

  @Test func `needs are replicas times shares, from the fewest to the most`() {
    let allocation = Allocation(resources)

    // 2 × 500m + 3 × 1 and 2 × 4Gi + 3 × 512Mi and 2 × 20Gi + 3 × 1G
    #expect(
      allocation.least
        == Amounts(
          milliCPU: 4_000, memoryBytes: 10_200_547_328, storageBytes: 45_949_672_960))
    #expect(
      allocation.most
        == Amounts(
          milliCPU: 13_000, memoryBytes: 15_032_385_536, storageBytes: 54_949_672_960))
  }

  @Test func `a rollout needs room beside what runs, by its strategy`() {
    let allocation = Allocation(resources)

    #expect(allocation.surge(.blueGreen, maxSurge: 1) == allocation.least)
    #expect(allocation.surge(.canary, maxSurge: 1) == allocation.least)
    #expect(
      allocation.surge(.rolling, maxSurge: 1)
        == Amounts(milliCPU: 1_500, memoryBytes: 4_831_838_208, storageBytes: 22_474_836_480))
    #expect(allocation.surge(.rolling, maxSurge: 100) == allocation.least)
  }

  @Test func `a plan is counted under its components' names`() throws {
    let configuration = try Sources.load(Sources.complete()).configuration
    let plan = try Sources.project.loadApplication().plan(for: configuration)

    let allocation = Allocation(plan)

    #expect(allocation.components.map(\.name) == ["orchestrator", "workers"])
    #expect(allocation.components.map(\.replicas) == [2...2, 3...3])
    #expect(allocation.least == Allocation(resources).least)
    #expect(allocation.most == allocation.least)
  }

  @Test func `what is short is told with both numbers`() {
    let needed = Amounts(milliCPU: 2_500, memoryBytes: 6 << 30, storageBytes: 10)

    #expect(needed.shortfalls(in: needed).isEmpty)
    #expect(
      needed.shortfalls(in: Amounts(milliCPU: 2_499, memoryBytes: 4 << 30, storageBytes: 0))
        .map(\.description) == [
          "cpu: 2500m needed, 2499m available", "memory: 6Gi needed, 4Gi available",
          "storage: 10 needed, 0 available",
        ])
    #expect(
      needed.shortfalls(in: .none).map(\.description).first == "cpu: 2500m needed, 0m available")
  }

  @Test func `sums too large to count stay the largest`() {
    let huge = Amounts(milliCPU: .max, memoryBytes: .max / 2, storageBytes: 1)

    #expect((huge + huge).milliCPU == .max)
    #expect(huge * 3 == Amounts(milliCPU: .max, memoryBytes: .max, storageBytes: 3))
  }
}
