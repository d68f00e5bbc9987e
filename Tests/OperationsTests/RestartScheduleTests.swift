import Events
import Platforms
import TestKit
import Testing

@testable import Operations

/// Ends, starts and times in, what is due out.
@Suite struct RestartScheduleTests {
  private let start: Timestamp
  private var schedule = RestartSchedule()
  private let web = Replicas.spec("web-1")
  private let worker = Replicas.spec("worker-1")

  init() throws { start = try Timestamp(parsing: TemporaryLedger.start) }

  private func after(_ milliseconds: Int) -> Timestamp { start.adding(milliseconds: milliseconds) }

  @Test mutating func `a replica that ended is due at once, until it runs`() {
    schedule.ended(web, at: start)

    #expect(schedule.nextDue == start)
    #expect(schedule.due(at: start) == [web])
    #expect(schedule.due(at: start) == [web])
    schedule.started(web.instance)
    #expect(schedule.due(at: after(1_000_000)) == [])
    #expect(schedule.nextDue == nil)
  }

  @Test mutating func `each further start waits twice as long, to a limit`() {
    var now = start
    var waits: [Int] = []
    for _ in 1...9 {
      schedule.ended(web, at: now)
      let due = schedule.nextDue ?? now
      waits.append(Int(due.microseconds(since: now) / 1_000))
      #expect(schedule.due(at: due) == [web])
      schedule.started(web.instance)
      now = due
    }

    #expect(waits == [0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
    #expect(RestartSchedule.waitMs(before: .max) == 60_000)
  }

  @Test mutating func `one that was well for long enough begins anew`() {
    schedule.ended(web, at: start)
    schedule.started(web.instance)
    schedule.saw(healthy: [web.instance], at: after(10))
    schedule.ended(web, at: after(10 + RestartSchedule.provenMs))

    #expect(schedule.nextDue == after(10 + RestartSchedule.provenMs))
  }

  @Test mutating func `one that was not well all the time does not`() {
    schedule.ended(web, at: start)
    schedule.started(web.instance)
    schedule.saw(healthy: [web.instance], at: after(10))
    schedule.saw(healthy: [], at: after(20))
    schedule.saw(healthy: [web.instance], at: after(30))
    schedule.saw(healthy: [web.instance], at: after(40))
    let end = after(20 + RestartSchedule.provenMs)
    schedule.ended(web, at: end)

    #expect(schedule.nextDue == end.adding(milliseconds: RestartSchedule.firstWaitMs))
  }

  @Test mutating func `a start that failed is tried again, and the others are too`() {
    schedule.ended(worker, at: start)
    schedule.ended(web, at: start)
    #expect(schedule.due(at: start) == [web, worker])

    let first = schedule.failed(web.instance, at: start)
    #expect(first?.failures == 1)
    #expect(first?.waitMs == 1_000)
    #expect(schedule.due(at: start) == [worker])
    #expect(schedule.due(at: after(1_000)) == [worker, web])
    #expect(schedule.failed(web.instance, at: after(1_000))?.failures == 2)
    schedule.started(web.instance)
    schedule.ended(web, at: after(9_000))
    #expect(schedule.failed(web.instance, at: after(20_000))?.failures == 1)
  }

  @Test mutating func `a deployment's are forgotten`() {
    schedule.ended(web, at: start)
    schedule.forget()

    #expect(schedule.due(at: after(1_000_000)) == [])
    #expect(schedule.failed(web.instance, at: start) == nil)
    schedule.started(web.instance)
    #expect(schedule.nextDue == nil)
  }
}

/// Replicas that only have a name.
enum Replicas {
  static func spec(
    _ instance: InstanceName, component: ComponentName = "web", wantsPort: Bool = true
  ) -> ReplicaSpec {
    guard let build = try? ContentDigest(parsing: "sha256:" + String(repeating: "ab", count: 32))
    else { preconditionFailure("the digest of the tests is none") }
    return ReplicaSpec(
      environment: "staging", component: component, instance: instance, build: build,
      intent: "a test", command: ["run"], workingDirectory: "/", wantsPort: wantsPort,
      logDirectory: "/", health: .http(path: "/health"))
  }

  static func running(
    _ instance: InstanceName, component: ComponentName = "web", port: Int? = 9
  ) -> RunningReplica {
    RunningReplica(
      spec: spec(instance, component: component, wantsPort: port != nil),
      process: ProcessIdentity(pid: 7, startTicks: 7), port: port)
  }
}
