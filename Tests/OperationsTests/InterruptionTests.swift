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

@Suite struct InterruptionTests {
  @Test func `an environment that is being deployed is locked`() async throws {
    let shop = try await Shop()
    shop.runtimes.gate.shut()
    let driver = try await shop.drive("first")
    await #expect {
      try await shop.deploy("second")
    } throws: {
      ($0 as? DeploymentError)?.exitStatus == .locked
    }
    await #expect {
      try await shop.recover()
    } throws: {
      ($0 as? DeploymentError)?.exitStatus == .locked
    }
    shop.runtimes.gate.open()
    #expect(try await driver.value == .succeeded)
  }

  @Test func `a deployment whose driver died is unfinished until it is recovered`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    let abandoned = try await shop.abandon("second")
    await #expect(throws: DeploymentError.unfinished("staging", abandoned)) {
      try await shop.deploy("third")
    }
    shop.runtimes.gate.open()
    #expect(try await shop.recover() == .succeeded)
    let second = try await shop.build("second")
    #expect(try await shop.running()?.build == second)
    #expect(await shop.platform.running().allSatisfy { $0.spec.build == second })
    #expect(try await shop.disagreements() == [])
  }

  @Test func `who was granted nothing takes nothing over`() async throws {
    let shop = try await Shop()
    let abandoned = try await shop.abandon("first")
    shop.runtimes.gate.open()
    let stranger = try await shop.stranger()

    await #expect(throws: AccessDenied.self) {
      try await RecoverWork(shop.session, runtimes: shop.runtimes).recover(
        Shop.staging, by: stranger, abort: false, observer: { _ in })
    }

    let state = try await shop.session.state()
    #expect(state.deployments.open(in: Shop.staging)?.id == abandoned)
    #expect(state.leases.lease(in: Shop.staging)?.owner == shop.person.actor)
    #expect(state.decisions.tally(of: "staging").last?.action == "deployment.recover")
    #expect(state.decisions.tally(of: "staging").last?.decision == .deny)
  }

  @Test func `recovering can turn back`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    _ = try await shop.abandon("second")
    shop.runtimes.gate.open()
    #expect(try await shop.recover(abort: true).word == "rolledBack")
    let first = try await shop.build("first")
    #expect(try await shop.running()?.build == first)
    #expect(try await shop.disagreements() == [])
  }

  @Test func `a replica that died while nobody drove is noticed`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    _ = try await shop.abandon("second")
    let second = try await shop.build("second")
    for replica in await shop.platform.running() where replica.spec.build == second {
      await shop.platform.crash(replica.spec.instance)
    }
    shop.runtimes.gate.open()
    #expect(try await shop.recover().word == "rolledBack")
    #expect(try await shop.disagreements() == [])
  }

  @Test func `turned back means that the router runs and sends requests to what was restored`()
    async throws
  {
    let shop = try await Shop()
    try await shop.deploy("first")
    _ = try await shop.abandon("second")
    await shop.runtimes.router.stop()
    shop.runtimes.gate.open()

    #expect(try await shop.recover(abort: true).word == "rolledBack")

    #expect(try await shop.routedPorts() == shop.ports(of: "first"))
    #expect(try await shop.disagreements() == [])
  }

  @Test func `a router that does not come back is no rollback`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    _ = try await shop.abandon("second")
    await shop.runtimes.router.stop()
    let failure = RouterError.notStarted(reason: "no room")
    await shop.runtimes.router.fail(with: failure, failure, failure)
    shop.runtimes.gate.open()

    #expect(try await shop.recover(abort: true).exitStatus == .rollbackFailed)
  }

  @Test func `standing replicas that died while nobody drove are started again`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    _ = try await shop.abandon("second")
    let before = try await shop.ports(of: "first")
    try await shop.crash("first")
    shop.runtimes.gate.open()

    #expect(try await shop.recover(abort: true).word == "rolledBack")

    let after = try await shop.ports(of: "first")
    #expect(after.count == before.count)
    #expect(after.isDisjoint(with: before))
    #expect(try await shop.routedPorts() == after)
    #expect(try await shop.disagreements() == [])
  }

  @Test func `standing replicas that cannot be started again are no rollback`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    _ = try await shop.abandon("second")
    try await shop.crash("first")
    let first = try await shop.build("first")
    await shop.platform.behave(.with { $0.startFailure = "no memory" }) { $0.build == first }
    shop.runtimes.gate.open()

    #expect(try await shop.recover(abort: true).exitStatus == .rollbackFailed)
  }

  @Test func `a stop that fails is tried again`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    await shop.platform.failStops(2)

    #expect(try await shop.deploy("second") == .succeeded)

    let second = try await shop.build("second")
    #expect(await shop.platform.running().allSatisfy { $0.spec.build == second })
  }

  @Test func `a lease of a process that is gone locks nobody out`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    let abandoned = try await shop.abandon("second")
    let place = Shop.staging
    let dead = LeaseTaken(
      deployment: abandoned, owner: shop.person.actor,
      process: ReplicaProcess(pid: 4_000_000, startTicks: 1),
      until: shop.time.now().adding(milliseconds: 3_600_000))
    _ = try await shop.session.recordFact(
      EntryDraft([
        DraftEvent(dead, in: .lease(place.application, place.environment), scope: place.scope)
      ]), by: shop.person)

    await #expect(throws: DeploymentError.unfinished("staging", abandoned)) {
      try await shop.deploy("third")
    }
    shop.runtimes.gate.open()
    #expect(try await shop.recover() == .succeeded)
  }

  /// Else it gives up and names itself as what to do next, while what it should turn back goes on.
  @Test func `a rollback that is overtaken by a recovery asks it to turn back`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    _ = try await shop.abandon("second")
    let work = RollbackWork(
      shop.session,
      runtimes: SlowRuntimes(shop.runtimes) {
        guard try await !shop.isDriven() else { return }
        Task { try await shop.recover() }
        while try await !shop.isDriven() { try await Task.sleep(for: .milliseconds(5)) }
      })
    let granted = try await shop.session.authorize(.rollBack, by: shop.person, in: Shop.staging)

    let result = try await work.rollBack(
      work.plan(Shop.staging, to: nil), by: shop.person, on: .init(), resting: granted,
      waiting: { _ in shop.runtimes.gate.open() }, observer: { _ in })

    #expect(result.end.word == "rolledBack")
    #expect(result.isAsWanted)
    let first = try await shop.build("first")
    #expect(try await shop.running()?.build == first)
    #expect(try await shop.disagreements() == [])
  }

  @Test func `where nothing is open there is nothing to recover`() async throws {
    let shop = try await Shop()
    await #expect(throws: DeploymentError.nothingToRecover("staging")) {
      try await shop.recover()
    }
  }
}

extension Shop {
  /// Where the router sends requests.
  func routedPorts() async throws -> Set<Int> {
    let servers = try await runtimes.router.state().frontends.values.joined()
    return Set(servers.filter { $0.server.share != .draining }.map(\.server.port))
  }

  /// Of the replicas of the build made from these words that run and take requests.
  func ports(of words: String) async throws -> Set<Int> {
    let build = try await build(words)
    return Set(
      await platform.running().filter { $0.spec.build == build && $0.spec.component == "web" }
        .compactMap(\.port))
  }

  /// Ends everything that runs of the build made from these words.
  func crash(_ words: String) async throws {
    let build = try await build(words)
    for replica in await platform.running() where replica.spec.build == build {
      await platform.crash(replica.spec.instance)
    }
  }

  func recover(abort: Bool = false) async throws -> DeploymentEnd {
    try await RecoverWork(session, runtimes: runtimes).recover(
      Self.staging, by: person, abort: abort, observer: { _ in })
  }

  /// A deployment under way, with a probe of its replicas recorded already.
  func drive(_ words: String) async throws -> Task<DeploymentEnd, any Error> {
    let driver = Task { try await deploy(words) }
    try #require(await eventually { try await isProbing() })
    return driver
  }

  private func isProbing() async throws -> Bool {
    guard let open = try await session.state().deployments.open(in: Self.staging) else {
      return false
    }
    let history = try await session.history(of: open.id)
    return history?.moments.contains { moment in
      if case .probed = moment.fact { return true }
      return false
    } ?? false
  }

  /// A deployment that lost its driver, and its lease a while later; probes stay shut.
  func abandon(_ words: String) async throws -> DeploymentID {
    runtimes.gate.shut()
    let driver = try await drive(words)
    driver.cancel()
    _ = await driver.result
    time.advance(milliseconds: 31_000)
    guard let open = try await session.state().deployments.open(in: Self.staging) else {
      preconditionFailure("the deployment ended though its driver was cancelled")
    }
    return open.id
  }
}

extension Shop {
  fileprivate func isDriven() async throws -> Bool {
    try await session.state().leases.lease(in: Shop.staging)?.isDriven(at: session.time.now())
      ?? false
  }
}
