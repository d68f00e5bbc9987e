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

@Suite struct ReplayTests {
  @Test func `a forged judgement does not follow from the facts`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    let deployment = try #require(await shop.newestDeployment())
    let events = try await shop.events(of: deployment)
    let honest = try #require(DeploymentHistory(events))
    #expect(try DeploymentReplay(honest).disagreements == [])
    let forged = try #require(DeploymentHistory(events.map(\.forged)))
    let judged = events.filter { $0.forged != $0 }.map(\.position)
    #expect(!judged.isEmpty)
    #expect(try DeploymentReplay(forged).disagreements == judged)
  }

  @Test func `a replay tells every moment of the story`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    let deployment = try #require(await shop.newestDeployment())
    let replay = try #require(await shop.session.replay(of: deployment))
    #expect(replay.steps.count == replay.history.moments.count)
    #expect(replay.steps.first?.sinceStartMs == 0)
    #expect(replay.steps.contains { $0.what.hasPrefix("step 1 begins") })
    #expect(replay.steps.contains { $0.what.hasPrefix("judged healthy") })
    #expect(replay.steps.last?.what == "the deployment succeeded")
    #expect(replay.history.openSteps.isEmpty)
  }

  @Test func `there is no replay of a deployment that never was`() async throws {
    let shop = try await Shop()
    let unknown = DeploymentID.make(at: shop.time.now(), random: Array(repeating: 1, count: 10))
    #expect(try await shop.session.replay(of: unknown) == nil)
  }
}

extension Recorded {
  /// The same event, or for a decision one that says the opposite.
  fileprivate var forged: Recorded {
    guard case .deployment(.judged(let judged)) = event else { return self }
    let lie = DeploymentJudged(
      decision: .rollBack, verdict: .unhealthy, reason: judged.reason, phase: judged.phase)
    return Recorded(
      position: position, index: index, recorded: recorded, entry: entry, actor: actor,
      behalf: behalf, scope: scope, stream: stream, version: version,
      event: .deployment(.judged(lie)))
  }
}

extension Shop {
  /// The deployment's own events and the probes that name it.
  func events(of deployment: DeploymentID) async throws -> [Recorded] {
    let size = try session.ledger.head().size
    return try session.ledger.read { reader in
      var events: [Recorded] = []
      try reader.forEachRecorded(in: 0..<size) { recorded in
        if case .health(.checked(let check)) = recorded.event, check.deployment == deployment {
          events.append(recorded)
        } else if recorded.deployment == deployment {
          events.append(recorded)
        }
      }
      return events
    }
  }
}
