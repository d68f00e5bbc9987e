import Access
import CanonicalJSON
import Cryptography
import Environments
import Events
import Foundation
import LedgerStore
import Platforms
import Projections
import Rollouts
import TestKit
import Testing

@testable import Operations

@Suite struct HealthMonitorTests {
  private let start: Timestamp
  private var monitor: HealthMonitor

  init() throws {
    start = try Timestamp(parsing: TemporaryLedger.start)
    monitor = HealthMonitor(threshold: 3, windowMs: 1_000, since: start)
  }

  private mutating func note(_ verdict: Rollouts.ProbeVerdict, latency: Int64 = 5) -> HealthChanged?
  {
    let result = ProbeResult(latencyMicroseconds: latency, verdict: verdict, reason: "said so")
    return monitor.note(result, of: "web-1", component: "web")
  }

  @Test mutating func `the first passed probe makes an instance healthy, once`() {
    let change = note(.pass)
    #expect(change?.from == .unknown)
    #expect(change?.to == .healthy)
    #expect(note(.pass) == nil)
  }

  @Test mutating func `three failures in a row take health away`() {
    _ = note(.pass)
    #expect(note(.fail) == nil)
    #expect(note(.fail) == nil)
    #expect(note(.fail)?.to == .unhealthy)
    #expect(note(.fail) == nil)
  }

  @Test mutating func `a pass in between starts the count again`() {
    _ = note(.pass)
    for verdict in [Rollouts.ProbeVerdict.fail, .fail, .pass, .fail, .fail] {
      #expect(note(verdict) == nil)
    }
  }

  @Test mutating func `an unhealthy instance needs three passes to be believed`() {
    for _ in 1...3 { _ = note(.fail) }
    #expect(note(.pass) == nil)
    #expect(note(.pass) == nil)
    let change = note(.pass)
    #expect(change?.from == .unhealthy)
    #expect(change?.to == .healthy)
  }

  @Test mutating func `a window is summed when it is over`() throws {
    for latency: Int64 in [30, 10, 20, 40] { _ = note(.pass, latency: latency) }
    _ = note(.fail)
    #expect(monitor.sums(at: start.adding(milliseconds: 999)).isEmpty)
    let sums = monitor.sums(at: start.adding(milliseconds: 1_500))
    let sum = try #require(sums.first)
    #expect(sums.count == 1)
    #expect(sum.windowMs == 1_500)
    #expect(sum.passes == 4)
    #expect(sum.failures == 1)
    #expect(sum.latencyUsMax == 40)
    #expect(sum.latencyUsMedian == 20)
    #expect(monitor.sums(at: start.adding(milliseconds: 2_500)).isEmpty)
  }

  @Test mutating func `an instance that does not run any more is forgotten`() {
    _ = note(.pass)
    monitor.keep([])
    #expect(monitor.sums(at: start.adding(milliseconds: 1_000)).isEmpty)
    #expect(note(.pass)?.from == .unknown)
  }
}
