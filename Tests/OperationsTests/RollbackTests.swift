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
    #expect(plan.restored?.release.number == 1)
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

  @Test func `where everything earlier ran the same, it is named`() async throws {
    let shop = try await Shop()
    for _ in 1...3 { try await shop.deploy("first") }

    await #expect(throws: DeploymentError.nothingOther("staging", than: 3, before: 2)) {
      try await shop.plan()
    }

    let anew = try await shop.plan(to: try Selector(parsing: "staging#2"))
    #expect(try await shop.rollBack(anew) == .succeeded)
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

  @Test func `a release of another environment is no target`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    try await shop.deploy("second")
    let selector = try Selector(parsing: "production#1")
    await #expect(throws: DeploymentError.elsewhere(selector, "staging")) {
      try await shop.plan(to: selector)
    }
  }

  @Test func `from what was brought back there is a way forward, and it is named`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    try await shop.deploy("second")
    #expect(try await shop.rollBack(shop.plan()) == .succeeded)

    await #expect(throws: DeploymentError.nothingOlder("staging", than: 3, before: 2)) {
      try await shop.plan()
    }
    let forward = try await shop.plan(to: try Selector(parsing: "staging#2"))
    #expect(try await shop.rollBack(forward) == .succeeded)
    let second = try await shop.build("second")
    #expect(try await shop.running()?.build == second)
  }

  @Test func `a plan says that what it restores is gone, and what brings it back`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    try await shop.deploy("second")
    let path = try await shop.removeArtifact(of: "web", in: shop.build("first"))
    let gone = DeploymentError.artifactGone("staging", "web", path: path)

    await #expect(throws: gone) { try await shop.plan() }
    #expect(gone.description.contains("`stele build`"))

    try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
    #expect(try await shop.rollBack(shop.plan()) == .succeeded)
  }

  @Test func `a rollout is turned back though what served has no artifact any more`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    let second = try await shop.build("second")
    await shop.platform.behave(.with { $0.status = 503 }) { $0.build == second }
    _ = try await shop.removeArtifact(of: "web", in: shop.build("first"))
    let driver = try await shop.drive("second")

    let (end, isAsWanted) = try await shop.rolledBack(shop.plan())

    #expect(end.word == "rolledBack")
    #expect(isAsWanted)
    #expect(try await driver.value == end)
  }

  @Test func `a rollout under way is asked to turn back`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    let second = try await shop.build("second")
    await shop.platform.behave(.with { $0.status = 503 }) { $0.build == second }
    let driver = try await shop.drive("second")
    let plan = try await shop.plan()
    #expect(plan.interrupts != nil)
    let (end, isAsWanted) = try await shop.rolledBack(plan)
    #expect(end.word == "rolledBack")
    #expect(isAsWanted)
    #expect(try await driver.value == end)
    #expect(try await shop.unentitled() == [])
    #expect(
      try shop.reasons(of: DeploymentAbortRequested.kind) == [.value("it was slow")])
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

  @Test func `a first deployment under way is turned back to nothing`() async throws {
    let shop = try await Shop()
    let first = try await shop.build("first")
    await shop.platform.behave(.with { $0.status = 503 }) { $0.build == first }
    let driver = try await shop.drive("first")
    let plan = try await shop.plan()
    #expect(plan.interrupts != nil)
    #expect(plan.restored == nil)

    let (end, isAsWanted) = try await shop.rolledBack(plan)

    #expect(end.word == "aborted")
    #expect(isAsWanted)
    #expect(try await driver.value == end)
    #expect(try await shop.running() == nil)
    #expect(await shop.platform.running().isEmpty)
    #expect(try await shop.unentitled() == [])
    #expect(try await shop.disagreements() == [])
  }

  @Test func `a first deployment that succeeded meanwhile cannot be rolled back`() async throws {
    let shop = try await Shop()
    shop.runtimes.gate.shut()
    let driver = try await shop.drive("first")
    let plan = try await shop.plan()
    shop.runtimes.gate.open()
    #expect(try await driver.value == .succeeded)

    await #expect(throws: DeploymentError.nothingToRollBackTo("staging")) {
      try await shop.rollBack(plan)
    }
  }

  @Test func `a rollback carries what asked for it`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    try await shop.deploy("second")
    let change = try ChangeCapture.change(
      flags: ChangeFlags(ticket: "OPS-9"), variables: ["CI_JOB_URL": "https://ci.example/77"],
      git: nil)

    #expect(try await shop.rollBack(shop.plan(), change: change) == .succeeded)

    let id = try #require(try await shop.session.state().deployments.latest(in: Shop.staging)?.id)
    let started = try #require(try await shop.session.history(of: id)).started
    #expect(started.change.ticket == "OPS-9")
    #expect(started.change.run?.text == "https://ci.example/77")
  }

  @Test func `a rollout that nobody drives is taken over and turned back`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    _ = try await shop.abandon("second")
    let plan = try await shop.plan()
    shop.runtimes.gate.open()
    #expect(try await shop.rollBack(plan).word == "rolledBack")
    #expect(try await shop.disagreements() == [])
    #expect(try await shop.unentitled() == [])
    #expect(
      try shop.reasons(of: DeploymentAbortRequested.kind) == [.value("it was slow")])
  }
}

extension Shop {
  func plan(to selector: Selector? = nil) async throws -> RollbackWork.Plan {
    try await RollbackWork(session, runtimes: runtimes).plan(Self.staging, to: selector)
  }

  func rollBack(
    _ plan: RollbackWork.Plan, change: CapturedChange? = nil
  ) async throws -> DeploymentEnd {
    try await rolledBack(plan, change: change).end
  }

  func rolledBack(
    _ plan: RollbackWork.Plan, change: CapturedChange? = nil
  ) async throws -> (end: DeploymentEnd, isAsWanted: Bool) {
    try await RollbackWork(session, runtimes: runtimes).rollBack(
      plan, by: person, on: RollbackWork.Grounds(change: change, reason: "it was slow"),
      resting: try await session.authorize(.rollBack, by: person, in: plan.place),
      observer: { _ in })
  }

  /// Who was not entitled to what they recorded.
  func unentitled() async throws -> [EntitlementFinding] {
    try Entitlement(of: session.ledger.makeReader()).findings
  }

  /// Reasons in the vault, by the kind of event that has them.
  func reasons(of kind: EventKind) throws -> [Revealed] {
    let positions = try session.ledger.read {
      try $0.positions(matching: EntryFilter(kind: KindSelection(kind)))
    }
    return try positions.flatMap { position in
      let entry = try session.ledger.read { try $0.entry(at: position) }
      let data = try entry.body.map { try EntryBody(parsing: $0).data } ?? []
      return try SealedPlace.all(in: data).map {
        try session.ledger.reveal(at: position, index: $0.index, pointer: $0.pointer)
      }
    }
  }
}
