import Events
import Rollouts
import TestKit
import Testing

@testable import Operations

/// Answers and times in, changes and sums out.
@Suite struct HealthMonitorTests {
  private let start: Timestamp
  private let limits = HealthLimits(
    intervalMs: 100, timeoutMs: 50, healthyThreshold: 2, unhealthyThreshold: 3)
  private var monitor = HealthMonitor(windowMs: 1_000)

  init() throws { start = try Timestamp(parsing: TemporaryLedger.start) }

  private func after(_ milliseconds: Int) -> Timestamp { start.adding(milliseconds: milliseconds) }

  private mutating func note(
    _ verdict: Rollouts.ProbeVerdict, latency: Int64 = 5, after milliseconds: Int = 0
  ) -> HealthChanged? {
    monitor.note(
      ProbeResult(latencyMicroseconds: latency, verdict: verdict, reason: "said so"),
      of: "web-1", component: "web", at: after(milliseconds), by: limits)
  }

  private func change(from: HealthState, to: HealthState, _ reason: String) -> HealthChanged {
    HealthChanged(
      component: "web", instance: "web-1", from: from, to: to, reason: MachineWords(reason))
  }

  @Test mutating func `as many passes as the environment asks for make an instance healthy, once`()
  {
    #expect(note(.pass) == nil)
    #expect(monitor.healthy == [])
    #expect(note(.pass) == change(from: .unknown, to: .healthy, "said so"))
    #expect(note(.pass) == nil)
    #expect(monitor.healthy == ["web-1"])
  }

  @Test mutating func `as many failures in a row take health away`() {
    for _ in 1...2 { _ = note(.pass) }
    #expect(note(.fail) == nil)
    #expect(note(.fail) == nil)
    #expect(note(.fail) == change(from: .healthy, to: .unhealthy, "said so"))
    #expect(note(.fail) == nil)
    #expect(monitor.healthy == [])
  }

  @Test mutating func `a pass in between starts the count again`() {
    for _ in 1...2 { _ = note(.pass) }
    for verdict in [Rollouts.ProbeVerdict.fail, .fail, .pass, .fail, .fail] {
      #expect(note(verdict) == nil)
    }
  }

  @Test mutating func `an unhealthy instance needs as many passes as a new one`() {
    for _ in 1...3 { _ = note(.fail) }
    #expect(note(.pass) == nil)
    #expect(note(.pass) == change(from: .unhealthy, to: .healthy, "said so"))
  }

  @Test mutating func `a window is summed when it is over`() throws {
    for latency: Int64 in [30, 10, 20, 40] { _ = note(.pass, latency: latency) }
    _ = note(.fail)

    #expect(monitor.sums(at: after(999)).isEmpty)
    #expect(
      monitor.sums(at: after(1_500)) == [
        HealthSummarized(
          component: "web", instance: "web-1", windowMs: 1_500, passes: 4, failures: 1,
          latencyUsMax: 40, latencyUsMedian: 20)
      ])
    #expect(monitor.sums(at: after(2_500)).isEmpty)
  }

  @Test mutating func `what nobody asked for too long is unknown, and so is its time`() throws {
    _ = note(.pass)
    _ = note(.pass, after: 200)
    #expect(monitor.lapses(at: after(200 + limits.silenceMs), by: limits) == [])

    let found = monitor.lapses(at: after(90_000), by: limits)

    #expect(
      found == [
        .summarized(
          HealthSummarized(
            component: "web", instance: "web-1", windowMs: 200, passes: 2, failures: 0,
            latencyUsMax: 5, latencyUsMedian: 5)),
        .changed(change(from: .healthy, to: .unknown, "not probed for 89800 ms")),
      ])
    #expect(monitor.healthy == [])
    #expect(monitor.lapses(at: after(180_000), by: limits) == [])
    #expect(note(.pass, after: 180_000) == nil)
    #expect(note(.pass, after: 180_100)?.from == .unknown)
  }

  @Test mutating func `answers before a gap do not count after it`() {
    _ = note(.pass)
    #expect(monitor.lapses(at: after(90_000), by: limits).count == 1)
    #expect(note(.pass, after: 90_000) == nil)
  }

  @Test mutating func `what others knew is taken over, and lapses like the rest`() {
    monitor.takeOver("web-1", component: "web", state: .healthy, known: start)
    #expect(monitor.healthy == ["web-1"])
    #expect(monitor.lapses(at: after(limits.silenceMs), by: limits) == [])
    #expect(monitor.sums(at: after(limits.silenceMs)) == [])

    #expect(
      monitor.lapses(at: after(limits.silenceMs + 1), by: limits)
        == [.changed(change(from: .healthy, to: .unknown, "not probed for 451 ms"))])
  }

  @Test mutating func `an instance that does not run any more is forgotten`() {
    for _ in 1...2 { _ = note(.pass) }
    monitor.keep([])

    #expect(monitor.sums(at: after(1_000)).isEmpty)
    #expect(note(.pass) == nil)
    #expect(note(.pass)?.from == .unknown)
  }
}
