import Access
import CanonicalJSON
import Cryptography
import Environments
import Events
import Foundation
import LedgerStore
import Logging
import Platforms
import Projections
import Rollouts
import TestKit
import Testing

@testable import Operations

@Suite struct AgentCompanionTests {
  @Test func `a replica that died is started again, and both are recorded`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    let companion = await shop.companion()
    let replica = try #require(await shop.platform.running().first)
    await shop.platform.crash(replica.spec.instance)
    await companion.replicaEnded(
      ReplicaEnd(replica: replica, exit: .signal(9), wasAsked: false))
    let task = Task { try await companion.accompany(shop.platform) }
    while await shop.platform.running().count < 2 {
      try await Task.sleep(for: .milliseconds(20))
    }
    while try await shop.replicaEvents().count < 2 {
      try await Task.sleep(for: .milliseconds(20))
    }
    task.cancel()
    _ = await task.result
    let kinds = try await shop.replicaEvents()
    #expect(kinds == ["replica.exited.v1", "replica.started.v1"])
  }

  @Test func `a replica's health is recorded when it changes`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    let companion = await shop.companion()
    let task = Task { try await companion.accompany(shop.platform) }
    while try await shop.session.state().health.instances(in: Shop.staging).count < 2 {
      try await Task.sleep(for: .milliseconds(20))
    }
    task.cancel()
    _ = await task.result
    let running = Set(await shop.platform.running().map(\.spec.instance))
    let health = try await shop.session.state().health.instances(in: Shop.staging)
    #expect(running.isSubset(of: health.keys))
  }

  @Test func `while a deployment is under way an end is its driver's to record`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    let companion = await shop.companion()
    let replica = try #require(await shop.platform.running().first)
    _ = try await shop.abandon("second")
    await companion.replicaEnded(
      ReplicaEnd(replica: replica, exit: .signal(9), wasAsked: false))
    #expect(try await shop.replicaEvents() == [])
  }

  @Test func `an end that was asked for is not recorded`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    let companion = await shop.companion()
    let replica = try #require(await shop.platform.running().first)
    await companion.replicaEnded(
      ReplicaEnd(replica: replica, exit: .signal(15), wasAsked: true))
    #expect(try await shop.replicaEvents() == [])
  }
}

extension Shop {
  func companion() async -> AgentCompanion {
    AgentCompanion(
      session, environment: "staging", router: runtimes.router, prober: runtimes.gate,
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Kinds of what the environment's agent recorded about replicas, in order.
  func replicaEvents() async throws -> [String] {
    let ledger = session.ledger
    let size = try ledger.head().size
    return try ledger.read { reader in
      var kinds: [String] = []
      try reader.forEachRecorded(in: 0..<size) { recorded in
        switch recorded.event {
        case .replica(.exited): kinds.append("replica.exited.v1")
        case .replica(.started): kinds.append("replica.started.v1")
        default: break
        }
      }
      return kinds
    }
  }
}
