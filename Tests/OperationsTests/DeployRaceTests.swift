import Events
import LedgerStore
import Projections
import TestKit
import Testing

@testable import Operations

/// Several deployments of one environment at once: one of them runs, the others are refused, and
/// nothing that was started is forgotten.
@Suite struct DeployRaceTests {
  private static let sessions = 4
  private static let rounds = 8

  @Test func `of those that start together one runs and the others are told of it`() async throws {
    let shop = try await Shop()
    let build = try await shop.build("first")
    let sessions = try (0..<Self.sessions).map { _ in
      try Session.open(
        shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    }

    for round in 1...Self.rounds {
      let asked = try await shop.session.state().decisions.tally(of: "staging").allowed
      let ends = await withTaskGroup(of: Result<DeploymentEnd, any Error>.self) { group in
        for session in sessions {
          group.addTask { await Self.deploy(build, in: shop, by: session) }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      let state = try await shop.session.state()
      let open = state.deployments.all.filter(\.isOpen).map(\.id)
      #expect(open == [], "round \(round)")
      #expect(ends.contains { (try? $0.get()) == .succeeded }, "round \(round)")
      for case .failure(let error) in ends {
        guard case DeploymentError.locked = error else {
          Issue.record("round \(round): \(error)")
          continue
        }
      }
      // Each asks once, and does not outdate the others by asking again.
      #expect(
        state.decisions.tally(of: "staging").allowed <= asked + Self.sessions, "round \(round)")
      let running = try #require(state.running.running(in: Shop.staging))
      #expect(
        await shop.platform.running().count == running.components.reduce(0) { $0 + $1.replicas },
        "round \(round)")
    }
  }

  private static func deploy(
    _ build: ContentDigest, in shop: Shop, by session: Session
  ) async -> Result<DeploymentEnd, any Error> {
    do {
      return .success(
        try await DeployWork(session, runtimes: shop.runtimes).deploy(
          shop.wish(build), by: shop.person, observer: { _ in }))
    } catch {
      return .failure(error)
    }
  }
}
