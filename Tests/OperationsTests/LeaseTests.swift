import Events
import LedgerStore
import Platforms
import Projections
import Rollouts
import Synchronization
import TestKit
import Testing

@testable import Operations

/// A driver that slept past its lease, after another one has taken the deployment over.
@Suite struct LeaseTests {
  let shop: Shop
  let deployment: DeploymentID
  private let sleeper: DeploymentJournal

  init() async throws {
    shop = try await Shop()
    try await shop.deploy("first")
    deployment = try await shop.abandon("second")
    sleeper = DeploymentJournal(
      session: shop.session, deployment: deployment, place: Shop.staging,
      service: try await shop.session.signer(.service),
      leaseVersion: try await shop.session.state().leases.version(in: Shop.staging))
  }

  private func fact() async throws -> DraftEvent {
    let history = try #require(try await shop.session.history(of: deployment))
    return history.draft(DeploymentAbortRequested())
  }

  private func renewal() async throws -> DraftEvent {
    let history = try #require(try await shop.session.history(of: deployment))
    return history.draft(LeaseRenewed(until: shop.time.now().adding(milliseconds: 30_000)))
  }

  /// As `stele recover` does, up to its first effect.
  private func takeOver() async throws {
    let place = Shop.staging
    let taken = LeaseTaken(
      deployment: deployment, owner: shop.person.actor, process: .this,
      until: shop.time.now().adding(milliseconds: 30_000))
    _ = try await shop.session.recordFact(
      EntryDraft([
        DraftEvent(taken, in: .lease(place.application, place.environment), scope: place.scope)
      ]), by: shop.person)
  }

  @Test func `while nobody took it over its driver writes, and renews`() async throws {
    _ = try await sleeper.append([fact()])
    _ = try await sleeper.append([renewal()])
    _ = try await sleeper.append([fact()])

    #expect(try await sleeper.look().leaseUntil != nil)
  }

  @Test func `a request to turn back is obeyed only in a ledger that is whole`() async throws {
    _ = try await sleeper.append([fact()])
    #expect(try await sleeper.look().abortRequested != nil)
    let other = DeploymentJournal(
      session: try shop.open(), deployment: deployment, place: Shop.staging,
      service: try await shop.session.signer(.service),
      leaseVersion: try await shop.session.state().leases.version(in: Shop.staging))
    try shop.tamper("UPDATE entry SET recorded = recorded + 1 WHERE position = 2")

    await #expect {
      try await other.look()
    } throws: {
      guard case .readingDiffers = $0 as? LedgerError else { return false }
      return true
    }
  }

  @Test func `nothing that it writes is taken any more`() async throws {
    try await takeOver()
    let size = try await shop.session.state().size
    let lost = LeaseLost(environment: "staging", deployment: deployment)

    await #expect(throws: lost) { try await sleeper.append([fact()]) }
    await #expect(throws: lost) { try await sleeper.append([renewal()]) }

    #expect(try await shop.session.state().size == size)
    #expect(try await sleeper.look().leaseUntil == nil)
  }

  @Test func `its own renewals are no other driver's, whenever it asks`() async throws {
    let renewal = try await renewal()
    try await withThrowingTaskGroup { group in
      group.addTask { [sleeper] in
        for _ in 1...30 { _ = try await sleeper.append([renewal]) }
      }
      for _ in 1...4 {
        group.addTask { [sleeper] in
          for _ in 1...60 {
            try await sleeper.demandLease()
            #expect(try await sleeper.look().leaseUntil != nil)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func `a release takes another number when somebody took the one it had read`()
    async throws
  {
    let other = try Ledger.open(
      directory: shop.workspace.ledger, secrets: shop.session.keys.secrets(), time: shop.time)
    let service = try await shop.session.signer(.service)
    let place = Shop.staging
    let stream = StreamName.release(place.application, place.environment)
    let history = try #require(try await shop.session.history(of: deployment))
    let rollback: @Sendable (Int) -> [DraftEvent] = { number in
      [
        history.draft(DeploymentRollbackStarted(restores: 1, release: number, reason: "slow")),
        DraftEvent(
          ReleaseStarted(cause: .rollback, configuration: 1, restores: 1), in: stream,
          scope: place.scope),
      ]
    }
    let writer = EntryWriter(
      origin: shop.session.origin, seen: try other.head().seen, at: shop.time.now(),
      random: shop.session.random)
    let before = try await shop.session.state().releases.nextNumber(in: place)
    let read = Mutex<[Int]>([])

    let number = try await sleeper.appendRelease { number in
      read.withLock { $0.append(number) }
      if number == before {
        _ = try? other.append(
          writer.envelope(EntryDraft(rollback(number)), as: writer.newID(), signedBy: service) {
            try other.version(of: $0) + 1
          })
      }
      return rollback(number)
    }

    #expect(read.withLock { $0 } == [before, before + 1])
    #expect(number == before + 1)
    #expect(try await shop.session.state().releases.nextNumber(in: place) == before + 2)
  }

  @Test func `entries of others about the environment do not hinder it`() async throws {
    _ = try await shop.session.recordFact(EntryDraft([fact()]), by: shop.person)
    try await shop.probe(events: 1)

    _ = try await sleeper.append([fact()])
  }

  @Test func `nothing that it was about to do is done any more`() async throws {
    let history = try #require(try await shop.session.history(of: deployment))
    let state = try await shop.session.state()
    let machine = try DeploymentResumption(history).machine
    let running = await shop.platform.running()
    let effects = RolloutEffects(
      platform: shop.platform, router: shop.runtimes.router,
      orders: try ReplicaOrders(history, state, in: shop.workspace),
      limits: history.started.limits, journal: sleeper,
      replicas: history.replicas(among: running), serving: machine.traffic)
    let slots = machine.traffic.sorted()
    let steps = [StepAction.startReplica, .stopReplica, .drainReplica, .shiftTraffic].map {
      DeploymentStepStarted(
        step: 99, action: $0, slots: slots.map(\.recorded),
        instance: $0 == .shiftTraffic ? nil : "web-9-1-abcdef")
    }
    let changes = await shop.runtimes.router.changes
    try await takeOver()

    for step in steps {
      let result = await effects.perform(step)
      #expect(result.outcome == .failed)
      #expect(result.reason?.text.contains("no longer holds the lease of") == true)
    }

    #expect(await shop.platform.running() == running)
    #expect(await shop.runtimes.router.changes == changes)
  }
}
