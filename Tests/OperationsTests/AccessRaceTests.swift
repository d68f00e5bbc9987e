import Access
import Events
import LedgerStore
import Projections
import TestKit
import Testing
import Verification

@testable import Operations

/// Several changes of access at once: each decides again on what the others have recorded.
@Suite struct AccessRaceTests {
  private static let sessions = 4
  private static let rounds = 4

  /// Of the administrator, too: each change then outdates what every other was decided on.
  @Test(arguments: [true, false])
  func `changes of access at once are all recorded`(isAdministrators: Bool) async throws {
    let shop = try await Shop()
    let added = try await KeyAddition(shop.session).add(
      .file(shop.directory.file("ada.pem")), role: .actor, owner: nil, grant: nil)
    let actor = isAdministrators ? shop.person.actor : added.owner
    let before = try await shop.session.state().grants.version(of: actor)
    let sessions = try (0..<Self.sessions).map { _ in
      try Session.open(
        shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    }

    let positions = try await withThrowingTaskGroup(of: [Int].self) { group in
      for session in sessions {
        group.addTask { try await Self.suspend(actor, by: session) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }

    let changes = Self.sessions * Self.rounds
    #expect(Set(positions).count == changes)
    #expect(try await shop.session.state().grants.version(of: actor) == before + changes)
    #expect(try await shop.verify().verdict == .verified)
  }

  private static func suspend(_ actor: ActorID, by session: Session) async throws -> [Int] {
    var positions: [Int] = []
    for _ in 0..<rounds {
      let suspension = AccessChange.suspend(
        AccessChange.Reaching(applications: .all, environments: .only(["development"])),
        until: nil)
      positions.append(
        try await AccessWork(session).change(
          suspension, for: actor, on: AccessGrounds(reason: "a race", ticket: nil)))
    }
    return positions
  }

  @Test func `a change that others have made impossible meanwhile is not made`() async throws {
    let shop = try await Shop()
    let stranger = try await shop.stranger()
    try await shop.grant(.deployer, to: stranger)
    let sessions = try (0..<Self.sessions).map { _ in
      try Session.open(
        shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    }

    let outcomes = await withTaskGroup(of: Result<Int, any Error>.self) { group in
      for session in sessions {
        group.addTask {
          do {
            return .success(
              try await AccessWork(session).change(
                .revoke(nil), for: stranger.actor, on: AccessGrounds(reason: nil, ticket: nil)))
          } catch {
            return .failure(error)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }

    #expect(outcomes.count { (try? $0.get()) != nil } == 1)
    for case .failure(let error) in outcomes {
      #expect(error as? AccessWorkError == .nothingGranted(stranger.actor, nil), "\(error)")
    }
  }
}
