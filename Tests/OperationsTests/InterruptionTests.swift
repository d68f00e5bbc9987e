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

  @Test func `where nothing is open there is nothing to recover`() async throws {
    let shop = try await Shop()
    await #expect(throws: DeploymentError.nothingToRecover("staging")) {
      try await shop.recover()
    }
  }
}

extension Shop {
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
