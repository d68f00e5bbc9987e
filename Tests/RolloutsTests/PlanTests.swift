import Rollouts
import Testing

/// A plan that makes no sense is refused before anything starts.
@Suite struct PlanTests {
  static let wrongNumbers:
    [(name: String, value: Int64, set: @Sendable (inout RolloutLimits) -> Void)] =
      [
        ("probeIntervalMs", 0, { $0.probeIntervalMs = 0 }),
        ("probeTimeoutMs", 0, { $0.probeTimeoutMs = 0 }),
        ("healthyThreshold", 0, { $0.healthyThreshold = 0 }),
        ("unhealthyThreshold", 0, { $0.unhealthyThreshold = 0 }),
        ("startupDeadlineMs", -1, { $0.startupDeadlineMs = -1 }),
        ("bakeMs", -1, { $0.bakeMs = -1 }),
        ("drainMs", 1 << 31, { $0.drainMs = 1 << 31 }),
        ("progressDeadlineMs", 0, { $0.progressDeadlineMs = 0 }),
        ("surge", 0, { $0.surge = 0 }),
      ]

  @Test(arguments: wrongNumbers.indices)
  func `a number out of range is refused by name`(row: Int) {
    let (name, value, set) = Self.wrongNumbers[row]
    var limits = limits
    set(&limits)

    let error = #expect(throws: RolloutPlanError.self) { try plan(limits: limits) }

    guard case .numberOutOfRange(name, value, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `a bake as long as the deadline could never succeed`() {
    var limits = limits
    limits.bakeMs = 120_000

    #expect(
      throws: RolloutPlanError.bakeOutlastsDeadline(bakeMs: 120_000, progressDeadlineMs: 120_000)
    ) { try plan(limits: limits) }
  }

  @Test func `a release of nothing is refused`() {
    #expect(throws: RolloutPlanError.nothingToRun) { try plan(to: []) }
    #expect(throws: RolloutPlanError.nothingToRun) { try plan(to: [worker(0)]) }
  }

  @Test func `a release that would end traffic is refused`() {
    #expect(throws: RolloutPlanError.trafficWouldEnd) { try plan(to: [web(0), worker(1)]) }
  }

  @Test func `a component twice is refused, on either side`() {
    #expect(throws: RolloutPlanError.componentRepeated(name: "web")) {
      try plan(to: [web(1), web(2)])
    }
    #expect(throws: RolloutPlanError.componentRepeated(name: "worker")) {
      try plan(from: [worker(1), worker(1)], to: [web(1)])
    }
  }

  @Test(arguments: [-1, 1_001])
  func `a number of replicas out of range is refused`(count: Int) {
    #expect(
      throws: RolloutPlanError.numberOutOfRange(
        name: "replicas of worker", value: Int64(count), allowed: 0...1_000)
    ) { try plan(to: [web(1), worker(count)]) }
  }

  @Test(arguments: [new("web"), old("worker"), old("web", 0)])
  func `a running replica the previous release cannot have is refused`(stranger: Slot) {
    #expect(throws: RolloutPlanError.predecessorSlotUnknown(stranger)) {
      try RolloutPlan(
        strategy: .rolling, components: [web(1)],
        predecessor: Predecessor(components: [web(1)], running: [stranger]), limits: limits,
        rollback: RollbackPolicy(enabled: true, automatic: true))
    }
  }

  @Test(arguments: [
    (RolloutPlanError.nothingToRun, "Nothing was started: the new release has no replica to run."),
    (.trafficWouldEnd, "Nothing was started: the running release takes traffic"),
    (.componentRepeated(name: "web"), "Nothing was started: the component web is listed twice."),
    (
      .bakeOutlastsDeadline(bakeMs: 9, progressDeadlineMs: 8),
      "Nothing was started: the bake of 9 ms is not shorter than the rollback timeout of 8 ms"
    ),
    (
      .numberOutOfRange(name: "surge", value: 0, allowed: 1...9),
      "Nothing was started: the rollout's surge is 0, and must be in 1...9."
    ),
    (
      .predecessorSlotUnknown(old("web")),
      "Nothing was started: previous web/1 is said to run"
    ),
  ])
  func `a refusal says what did not happen and what to type`(
    error: RolloutPlanError, beginning: String
  ) {
    #expect(error.description.hasPrefix(beginning))
    #expect(error.description.contains("`stele "))
  }
}
