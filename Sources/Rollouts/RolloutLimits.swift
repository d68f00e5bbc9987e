/// The numbers a rollout is judged by. All times in milliseconds.
package struct RolloutLimits: Hashable, Sendable {
  /// From the start of one probe of a replica to the next one, ≥ 1.
  package var probeIntervalMs: Int64
  /// How long one probe waits for its answer, ≥ 1.
  package var probeTimeoutMs: Int64
  /// Passes in a row that prove a started replica healthy, ≥ 1.
  package var healthyThreshold: Int
  /// Failures in a row that take the proof away from a proven replica, ≥ 1.
  package var unhealthyThreshold: Int
  /// How long started replicas may take to be proven healthy, ≥ 1.
  package var startupDeadlineMs: Int64
  /// How long the new release must serve without failing before the previous one is given up; 0
  /// for no such time.
  package var bakeMs: Int64
  /// How long open connections of a replica that leaves traffic may take to end, ≥ 0.
  package var drainMs: Int64
  /// How long everything up to the end of the bake may take, and, counted afresh, a rollback: the
  /// environment's `rollback.timeout`. Longer than the bake.
  package var progressDeadlineMs: Int64
  /// How many replicas a rolling update starts before it stops as many old ones, ≥ 1.
  package var surge: Int

  package init(
    probeIntervalMs: Int64, probeTimeoutMs: Int64, healthyThreshold: Int, unhealthyThreshold: Int,
    startupDeadlineMs: Int64, bakeMs: Int64, drainMs: Int64, progressDeadlineMs: Int64,
    surge: Int = 1
  ) {
    self.probeIntervalMs = probeIntervalMs
    self.probeTimeoutMs = probeTimeoutMs
    self.healthyThreshold = healthyThreshold
    self.unhealthyThreshold = unhealthyThreshold
    self.startupDeadlineMs = startupDeadlineMs
    self.bakeMs = bakeMs
    self.drainMs = drainMs
    self.progressDeadlineMs = progressDeadlineMs
    self.surge = surge
  }
}

extension RolloutLimits {
  /// How long a replica may go without any answer, good or bad, before the bake stops counting what
  /// it said last: as many probes as would prove it unhealthy, and one more.
  var silenceMs: Int64 {
    (probeIntervalMs + probeTimeoutMs) * Int64(unhealthyThreshold + 1)
  }

  /// The first number that makes no sense, if any.
  var problem: RolloutPlanError? {
    let numbers: [(name: String, value: Int64, least: Int64)] = [
      ("probeIntervalMs", probeIntervalMs, 1), ("probeTimeoutMs", probeTimeoutMs, 1),
      ("healthyThreshold", Int64(healthyThreshold), 1),
      ("unhealthyThreshold", Int64(unhealthyThreshold), 1),
      ("startupDeadlineMs", startupDeadlineMs, 1), ("bakeMs", bakeMs, 0), ("drainMs", drainMs, 0),
      ("progressDeadlineMs", progressDeadlineMs, 1), ("surge", Int64(surge), 1),
    ]
    for number in numbers where !(number.least...RolloutPlan.largestNumber).contains(number.value) {
      return .numberOutOfRange(
        name: number.name, value: number.value, allowed: number.least...RolloutPlan.largestNumber)
    }
    guard bakeMs < progressDeadlineMs else {
      return .bakeOutlastsDeadline(bakeMs: bakeMs, progressDeadlineMs: progressDeadlineMs)
    }
    return nil
  }
}
