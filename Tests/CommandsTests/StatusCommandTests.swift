import CanonicalJSON
import Events
import LedgerStore
import Operations
import Platforms
import Projections
import Synchronization
import TestKit
import Testing

@testable import Commands

/// `stele status`, on a simulated platform beside which an agent and a router may be seen.
@Suite struct StatusCommandTests {
  private let project: Project

  init() async throws {
    project = try await Project()
    try project.write("dist/one/orchestrator/serve", "#!/bin/sh\nexit 0\n")
    let deployed = await project.run("deploy development --build dist/one")
    try #require(deployed.status == 0, "\(deployed.notices)")
  }

  private func place() async throws -> JSONObject {
    let json = try await project.run("status development --output json").json()
    return try #require(json["environments"]?.arrayValue?.first?.objectValue)
  }

  @Test func `where all are there nothing is missed`() async throws {
    let shown = await project.run("status").results
    let place = try await place()

    #expect(shown.contains("  orchestrator  1 of 1 healthy\n"))
    #expect(!shown.contains("agent"))
    #expect(!shown.contains("router"))
    #expect(place["agent"] == ["running": true])
    #expect(place["router"] == ["running": true])
    let replica = try #require(place["health"]?.arrayValue?.first?.objectValue)
    #expect(replica["new"] == false)
    #expect(replica["heard"]?.stringValue != nil)
    #expect((replica["ageMs"]?.integerValue ?? -1) >= 0)
  }

  @Test func `a missing agent is said, with what starts one`() async throws {
    project.sight.withLock { $0 = RuntimeSight(hasAgent: false, hasRouter: true) }

    let shown = await project.run("status").results

    #expect(shown.contains("agent      none looks after this: stele agent development"))
    #expect(try await place()["agent"] == ["next": "stele agent development", "running": false])
  }

  @Test func `a router that is down is said, and who starts it again`() async throws {
    project.sight.withLock { $0 = RuntimeSight(hasAgent: true, hasRouter: false) }
    let beside = await project.run("status").results
    project.sight.withLock { $0 = RuntimeSight(hasAgent: false, hasRouter: false) }
    let alone = await project.run("status").results

    #expect(beside.contains("router     does not run: its agent starts it again"))
    #expect(alone.contains("router     does not run: an agent starts it again"))
    #expect(try await place()["router"] == ["running": false])
  }

  @Test func `old health is shown as unknown, with its age`() async throws {
    let time = ShiftedTime()
    time.advance(milliseconds: 3_600_000)
    let view = try await view(in: project.session(time: time))

    let lines = view.lines(Style(Terminal(isInteractive: false, hasColour: false)))

    let said = #/  orchestrator  0 of 1 healthy, 1 unknown, last heard of 36\d\d s ago/#
    #expect(try lines.contains { try said.wholeMatch(in: $0) != nil }, "\(lines)")
    let replica = try #require(view.json["health"]?.arrayValue?.first?.objectValue)
    #expect(replica["state"] == "unknown")
    #expect((replica["ageMs"]?.integerValue ?? 0) >= 3_600_000)
  }

  @Test func `replicas of a rollout have lines of their own`() async throws {
    try project.write("dist/two/orchestrator/serve", "#!/bin/sh\nexit 1\n")
    project.runtimes.gate.shut()
    let driver = Task { await project.run("deploy development --build dist/two") }
    let session = try project.session()
    let place = try #require(try await session.state().running.places.first)
    var isProbed = false
    for _ in 0..<3_000 where !isProbed {
      try await Task.sleep(for: .milliseconds(10))  // Other tests need the machine.
      let state = try await session.state()
      isProbed =
        state.deployments.open(in: place) != nil && state.health.instances(in: place).count > 1
    }

    let lines = try await view(in: session).lines(
      Style(Terminal(isInteractive: false, hasColour: false)))
    project.runtimes.gate.open()
    let ended = await driver.value

    // On a machine that has much to do, what was heard of it may be old by now.
    #expect(lines.contains { $0.hasPrefix("  orchestrator  ") && !$0.contains("unhealthy") })
    #expect(lines.contains("  new orchestrator  0 of 1 healthy"))
    #expect(lines.contains { $0.hasSuffix("is under way") })
    #expect(ended.status == 0, "\(ended.notices)")
  }

  private func view(in session: Session) async throws -> PlaceView {
    let moment = try await session.now()
    let place = try #require(moment.state.running.places.first)
    return PlaceView(
      try await StatusWork(session).status(
        of: place, at: moment, sight: RuntimeSight(hasAgent: true, hasRouter: true)))
  }
}
