import Access
import CanonicalJSON
import Events
import LedgerStore
import Projections
import TestKit
import Testing
import Verification

@testable import Operations

/// Several who rest on decisions at once: each decides again on what the others have recorded.
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

  @Test func `keys and builds at once are all recorded`() async throws {
    let shop = try await Shop()
    let sessions = try (0..<Self.sessions).map { _ in
      try Session.open(
        shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    }

    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, session) in sessions.enumerated() {
        group.addTask {
          for round in 0..<2 {
            let name = "\(number)-\(round)"
            let added = try await KeyAddition(session).add(
              .file(shop.directory.file(name + ".pem")), role: .actor, owner: nil, grant: nil)
            _ = try await BuildWork(session).make(
              "shop", from: shop.files.artifacts(name), change: Shop.change(), by: shop.person)
            _ = try await KeyRevocation(session).revoke(
              added.keyid.hex, reason: .left, suspectFrom: nil)
          }
        }
      }
      try await group.waitForAll()
    }

    let state = try await shop.session.state()
    let changes = Self.sessions * 2
    #expect(state.keys.all.count { $0.role == .actor && !$0.isValid } == changes)
    #expect(state.builds.all.count == changes)
    #expect(try await shop.verify().verdict == .verified)
  }

  @Test func `a key that several revoke at once is revoked once`() async throws {
    let shop = try await Shop()
    let added = try await KeyAddition(shop.session).add(
      .file(shop.directory.file("ada.pem")), role: .actor, owner: nil, grant: nil)
    let sessions = try (0..<Self.sessions).map { _ in
      try Session.open(
        shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    }

    let refusals = await withTaskGroup(of: (any Error)?.self) { group in
      for session in sessions {
        group.addTask {
          do {
            _ = try await KeyRevocation(session).revoke(
              added.keyid.hex, reason: .left, suspectFrom: nil)
            return nil
          } catch {
            return error
          }
        }
      }
      return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
    }

    let key = try #require(try await shop.session.state().keys.byID[added.keyid])
    let position = try #require(key.revoked)
    #expect(refusals.count == Self.sessions - 1)
    for refusal in refusals {
      #expect(refusal as? KeyWorkError == .revoked(added.keyid, at: position), "\(refusal)")
    }
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
