import Access
import CanonicalJSON
import Events
import Foundation
import LedgerStore
import Projections
import TestKit
import Testing

@testable import Operations

/// What a flood of refused requests leaves in the ledger.
@Suite struct DenialTests {
  private let shop: Shop
  private let stranger: Signer

  init() async throws {
    shop = try await Shop()
    stranger = try await shop.stranger()
  }

  /// - Returns: Whether the denial was only counted.
  @discardableResult
  private func deny(
    _ action: Action = .startDeployment, application: ApplicationName? = "shop",
    in environment: EnvironmentName? = "staging", by signer: Signer? = nil
  ) async throws -> Bool {
    do {
      _ = try await shop.session.authorize(
        action, by: signer ?? stranger, application: application, environment: environment)
    } catch let denied as AccessDenied { return denied.isCounted }
    Issue.record("\(action) was allowed")
    return false
  }

  private func allow() async throws {
    _ = try await shop.session.authorize(
      .recordBuild, by: shop.person, application: "shop", environment: nil)
  }

  private func tally(
    _ environment: EnvironmentName? = "staging"
  ) async throws -> AccessDecisions.Tally {
    try await shop.session.state().decisions.tally(of: environment)
  }

  private func nextMinute() { shop.time.advance(milliseconds: 60_000) }

  @Test func `the first denial is recorded at once, a flood of them not at all`() async throws {
    shop.time.alignToMinute()
    let isFirstCounted = try await deny()
    let size = try shop.session.ledger.head().size
    for _ in 0..<50 { #expect(try await deny()) }

    #expect(!isFirstCounted)
    #expect(try shop.session.ledger.head().size == size)
    #expect(try await tally().denied == 1)
  }

  @Test func `the count is recorded with the first decision after the minute`() async throws {
    shop.time.alignToMinute()
    for _ in 0..<4 { try await deny() }
    nextMinute()
    try await allow()

    let tally = try await tally()
    #expect(tally.denied == 4)
    #expect(tally.version == 2)
    #expect(tally.last?.count == 3)
    #expect(tally.last?.application == "shop")
    #expect(tally.last?.reasons == ["noGrant"])
    nextMinute()
    try await allow()
    #expect(try await self.tally().denied == 4)
  }

  @Test func `each minute begins with a denial that is recorded`() async throws {
    shop.time.alignToMinute()
    for _ in 0..<3 {
      #expect(try await !deny())
      #expect(try await deny())
      nextMinute()
    }
    try await allow()
    #expect(try await tally().denied == 6)
    #expect(try await tally().version == 6)
  }

  @Test func `actors, actions and environments are counted apart`() async throws {
    shop.time.alignToMinute()
    let other = try await shop.stranger()
    #expect(try await !deny())
    #expect(try await !deny(.rollBack))
    #expect(try await !deny(in: "production"))
    #expect(try await !deny(.addKey, application: nil, in: nil))
    #expect(try await !deny(by: other))
    #expect(try await deny(.addKey, application: nil, in: nil))
    nextMinute()
    try await allow()
    #expect(try await tally(nil).denied == 2)
    #expect(try await tally("staging").denied == 3)
    #expect(try await tally("production").denied == 1)
  }

  @Test func `counts of several environments and of none are recorded, and keep nobody out`()
    async throws
  {
    shop.time.alignToMinute()
    for environment in ["staging", "production", nil] as [EnvironmentName?] {
      for _ in 1...3 {
        try await deny(.grantAccess, application: nil, in: environment)
      }
    }
    nextMinute()
    try await allow()

    for environment in ["staging", "production", nil] as [EnvironmentName?] {
      #expect(try await tally(environment).denied == 3, "\(environment?.rawValue ?? "none")")
    }
    #expect(try DenialFile(shop.workspace, keys: shop.session.keys).content() == .counts(0))
  }

  @Test func `another application's name or another reason makes no new entry`() async throws {
    shop.time.alignToMinute()
    try await deny()
    let expired = AccessGranted(
      actor: stranger.actor, applications: .all, environments: .all, role: .deployer,
      until: Timestamp.earliest)
    _ = try await shop.session.record(
      EntryDraft([DraftEvent(expired, in: .grant(stranger.actor))]),
      by: shop.session.signer(.administrator))
    #expect(try await deny(application: "other"))
    nextMinute()
    try await allow()

    let last = try #require(try await tally().last)
    #expect(last.count == 1)
    #expect(last.application == nil)
    #expect(last.reasons == ["noGrant", "grantExpired"])
  }

  @Test func `the count outlives the process`() async throws {
    shop.time.alignToMinute()
    for _ in 0..<3 { try await deny() }
    let later = try Session.open(
      shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    nextMinute()
    _ = try await later.authorize(
      .recordBuild, by: shop.person, application: "shop", environment: nil)
    #expect(try await later.state().decisions.tally(of: "staging").denied == 3)
    try await later.close()
  }

  @Test func `a lost file loses a count and nothing else`() async throws {
    shop.time.alignToMinute()
    for _ in 0..<3 { try await deny() }
    try FileManager.default.removeItem(
      atPath: DenialFile(shop.workspace, keys: shop.session.keys).path)

    #expect(try await !deny())
    nextMinute()
    try await allow()
    #expect(try await tally().denied == 2)
    #expect(try await tally(nil).denied == 0)
  }

  @Test(arguments: ["[{\"dec", "{}", "[1]", " "])
  func `a damaged file is set aside whole, and the ledger says so`(damage: String) async throws {
    shop.time.alignToMinute()
    for _ in 0..<3 { try await deny() }
    let file = DenialFile(shop.workspace, keys: shop.session.keys)
    try Data(damage.utf8).write(to: URL(fileURLWithPath: file.path))

    #expect(try await !deny())
    #expect(try await deny())

    let kept = try file.setAside()
    #expect(kept == [file.path + ".damaged-1"])
    #expect(try String(contentsOfFile: kept[0], encoding: .utf8) == damage)
    #expect(try await tally(nil).denied == 1)
    #expect(try await tally(nil).last?.reasons == ["countsDamaged"])
    #expect(try await tally(nil).last?.action == "denials.count")
    try Data(damage.utf8).write(to: URL(fileURLWithPath: file.path))
    try await allow()
    #expect(try file.setAside().count == 2)
  }

  @Test func `counts that somebody else wrote are none, and are set aside`() async throws {
    shop.time.alignToMinute()
    for _ in 0..<3 { try await deny() }
    let file = DenialFile(shop.workspace, keys: shop.session.keys)
    let text = try String(contentsOfFile: file.path, encoding: .utf8)
    #expect(text.contains(#""more":2"#))
    let forged = text.replacing(#""more":2"#, with: #""more":9000000"#)
    try Data(forged.utf8).write(to: URL(fileURLWithPath: file.path))
    nextMinute()
    try await allow()

    #expect(try await tally().denied == 1)
    #expect(try await tally(nil).denied == 1)
    #expect(try file.setAside().count == 1)
  }

  @Test func `without the key of the counts each denial is an entry`() async throws {
    shop.time.alignToMinute()
    try FileManager.default.removeItem(atPath: shop.session.keys.snapshotKey)
    for _ in 0..<3 { #expect(try await !deny()) }

    #expect(try await tally().denied == 3)
    try await allow()
  }

  @Test func `a copy gets the next number, whichever older ones are left`() async throws {
    let file = DenialFile(shop.workspace, keys: shop.session.keys)
    for _ in 0..<2 {
      try Data("[{".utf8).write(to: URL(fileURLWithPath: file.path))
      try await allow()
    }
    try FileManager.default.removeItem(atPath: file.path + ".damaged-1")
    try Data("[{".utf8).write(to: URL(fileURLWithPath: file.path))

    try await allow()

    #expect(try file.setAside() == [2, 3].map { file.path + ".damaged-\($0)" })
    for copy in try file.setAside() {
      let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions]
      #expect((mode as? NSNumber)?.intValue == 0o600)
    }
  }

  @Test func `a damaged file that cannot be told of stays where it is`() throws {
    let file = DenialFile(shop.workspace, keys: shop.session.keys)
    try Data("[{".utf8).write(to: URL(fileURLWithPath: file.path))
    for _ in 0..<2 {
      #expect(throws: CancellationError.self) {
        try file.settle(at: shop.time.now(), by: shop.person.actor) { _ in
          throw CancellationError()
        }
      }
    }
    #expect(try file.content() == .damaged)
    let request = AccessRequest(
      .startDeployment, by: stranger.actor, application: "shop", environment: "staging")
    #expect(throws: DenialsDamaged(path: file.path)) {
      try file.add(request, request.decide(Grants(), at: shop.time.now()), at: shop.time.now()) {}
    }
    #expect(DenialsDamaged(path: file.path).exitStatus == .tryAgain)
    #expect("\(DenialsDamaged(path: file.path))".contains("Try again"))
  }

  @Test func `a count that cannot be recorded is kept for the next time`() async throws {
    shop.time.alignToMinute()
    for _ in 0..<3 { try await deny() }
    nextMinute()
    let file = DenialFile(shop.workspace, keys: shop.session.keys)
    #expect(throws: CancellationError.self) {
      try file.settle(at: shop.time.now(), by: shop.person.actor) { _ in throw CancellationError() }
    }
    try await allow()
    #expect(try await tally().denied == 3)
  }

  @Test func `a denial that cannot be recorded begins no count`() async throws {
    let request = AccessRequest(
      .startDeployment, by: stranger.actor, application: "shop", environment: "staging")
    let decision = request.decide(Grants(), at: shop.time.now())
    let file = DenialFile(shop.workspace, keys: shop.session.keys)
    #expect(throws: CancellationError.self) {
      try file.add(request, decision, at: shop.time.now()) { throw CancellationError() }
    }
    #expect(try await !deny())
  }

  @Test func `the message says whether the denial was recorded or counted`() {
    let request = AccessRequest(
      .startDeployment, by: stranger.actor, application: "shop", environment: "staging")
    let decision = request.decide(Grants(), at: shop.time.now())
    let words = [false, true].map {
      AccessDenied(request: request, decision: decision, isCounted: $0).description
    }
    #expect(words[0].contains("The denial is recorded. An administrator can grant"))
    #expect(words[1].contains("The denial is counted with those of this minute."))
  }
}

extension ShiftedTime {
  /// Puts the clock forward to just after a minute began, so that a test of a minute has it whole.
  func alignToMinute() {
    let past = Int(now().microseconds % 60_000_000 / 1_000)
    advance(milliseconds: 60_000 - past + 1)
  }
}
