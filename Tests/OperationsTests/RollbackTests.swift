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

@Suite struct RollbackTests {
  @Test func `a rollback restores the previous good release`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    try await shop.deploy("second")
    let plan = try await shop.plan()
    #expect(plan.target.number == 1)
    #expect(plan.running?.release == 2)
    #expect(plan.interrupts == nil)
    #expect(try await shop.rollBack(plan) == .succeeded)
    let first = try await shop.build("first")
    let running = try #require(await shop.running())
    #expect(running.build == first)
    #expect(running.release == 3)
    #expect(try await shop.session.state().releases.latest(in: Shop.staging)?.restores == 1)
    #expect(try await shop.disagreements() == [])
  }

  @Test func `without an earlier good release there is nothing to roll back to`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    await #expect(throws: DeploymentError.nothingToRollBackTo("staging")) {
      try await shop.plan()
    }
  }

  @Test func `a release that never ran healthy is no target`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    await shop.spoil(try await shop.build("second"))
    try await shop.deploy("second")
    let selector = try Selector(parsing: "staging#2")
    await #expect(throws: DeploymentError.neverGood(selector, outcome: .rolledBack)) {
      try await shop.plan(to: selector)
    }
  }

  @Test func `a rollout under way is asked to turn back`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    let second = try await shop.build("second")
    await shop.platform.behave(.with { $0.status = 503 }) { $0.build == second }
    let driver = try await shop.drive("second")
    let plan = try await shop.plan()
    #expect(plan.interrupts != nil)
    let end = try await shop.rollBack(plan)
    #expect(end.word == "rolledBack")
    #expect(try await driver.value == end)
    let first = try await shop.build("first")
    #expect(try await shop.running()?.build == first)
    #expect(try await shop.disagreements() == [])
  }

  @Test func `a rollout that ended by itself meanwhile is rolled back from`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    shop.runtimes.gate.shut()
    let driver = try await shop.drive("second")
    let plan = try await shop.plan()
    #expect(plan.interrupts != nil)
    shop.runtimes.gate.open()
    #expect(try await driver.value == .succeeded)

    #expect(try await shop.rollBack(plan) == .succeeded)

    let first = try await shop.build("first")
    #expect(try await shop.running()?.build == first)
    #expect(try await shop.session.state().releases.latest(in: Shop.staging)?.restores == 1)
  }

  @Test func `a rollout that nobody drives is taken over and turned back`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    _ = try await shop.abandon("second")
    let plan = try await shop.plan()
    shop.runtimes.gate.open()
    #expect(try await shop.rollBack(plan).word == "rolledBack")
    #expect(try await shop.disagreements() == [])
  }
}

extension Shop {
  func plan(to selector: Selector? = nil) async throws -> RollbackWork.Plan {
    try await RollbackWork(session, runtimes: runtimes).plan(Self.staging, to: selector)
  }

  func rollBack(_ plan: RollbackWork.Plan) async throws -> DeploymentEnd {
    try await RollbackWork(session, runtimes: runtimes).rollBack(
      plan, by: person, reason: "it was slow", observer: { _ in })
  }
}
