import Access
import Events
import Foundation
import LedgerStore
import Projections
import TestKit
import Testing
import Verification

@testable import Operations

/// Decisions that name no grants, or count more than one, signed with the service's key: what the
/// program records so, and what only somebody does who has that key.
@Suite struct DenialClaimsTests {
  let shop: Shop
  /// Has a key and no grant.
  let eve: Signer

  init() async throws {
    shop = try await Shop()
    let path = shop.directory.file("eve.pem")
    _ = try await KeyAddition(shop.session).add(.file(path), role: .actor, owner: nil, grant: nil)
    eve = try await shop.session.person(keyAt: path)
  }

  private func deny(
    _ action: Action = .startDeployment, application: ApplicationName? = "shop",
    in environment: EnvironmentName? = "staging"
  ) async {
    await #expect(throws: AccessDenied.self) {
      _ = try await shop.session.authorize(
        action, by: eve, application: application, environment: environment)
    }
  }

  private func allow(in session: Session? = nil) async throws {
    _ = try await (session ?? shop.session).authorize(
      .recordBuild, by: shop.person, application: "shop", environment: nil)
  }

  private func nextMinute() { shop.time.advance(milliseconds: 60_000) }

  /// What the program says of eve's denials, said by whoever has its key.
  private func forge(
    _ decided: AccessDecided, in environment: EnvironmentName? = "staging",
    namesGrants: Bool = false, through session: Session? = nil
  ) async throws -> Int {
    let session = session ?? shop.session
    let version = try await session.state().grants.version(of: decided.actor)
    return try await session.recordFact(
      EntryDraft(
        [DraftEvent(decided, in: .access(environment), scope: Scope(environment: environment))],
        expects: namesGrants ? [.grant(decided.actor): version] : [:]),
      by: session.signer(.service)
    ).position
  }

  private func denial(
    _ action: Action = .startDeployment, of actor: ActorID? = nil,
    application: ApplicationName? = "shop", count: Int = 3, reasons: [Code] = ["noGrant"]
  ) -> AccessDecided {
    AccessDecided(
      action: action.code, actor: actor ?? eve.actor, application: application, count: count,
      decision: .deny, reasons: reasons)
  }

  private func findings() async throws -> [String] {
    let result = try await shop.verify()
    #expect(result.report.isSound)
    return try #require(result.entitlement).findings.map { "\($0.position): \($0.what)" }
  }

  private func unheard(_ action: Action = .startDeployment, _ actor: ActorID? = nil) -> String {
    "denies \(action.code) to \(actor ?? eve.actor) without naming the grants, and no such denial "
      + "was recorded before"
  }

  @Test func `what was decided once is not counted`() async throws {
    let allowed = AccessDecided(
      action: Action.recordBuild.code, actor: shop.person.actor, application: "shop", count: 7,
      decision: .allow, reasons: [AccessReason.grant.code])
    let words = "and only denials after a recorded one are counted"
    let position = try await forge(allowed, in: nil, namesGrants: true)
    let denied = try await forge(denial(count: 2), namesGrants: true)

    #expect(
      try await findings() == ["\(position): counts 7, \(words)", "\(denied): counts 2, \(words)"])
  }

  @Test(arguments: [1, 3])
  func `denials of which none was recorded are named`(count: Int) async throws {
    let position = try await forge(denial(count: count))

    #expect(try await findings() == ["\(position): \(unheard())"])
  }

  @Test func `a count of other denials than the recorded one is named`() async throws {
    await deny()
    let person = shop.person.actor
    let positions = [
      try await forge(denial(.rollBack)), try await forge(denial(of: person)),
      try await forge(denial(), in: "production"),
      try await forge(denial(application: "other")),
      try await forge(denial(reasons: ["grantExpired"])),
    ]

    let words =
      [unheard(.rollBack), unheard(.startDeployment, person)]
      + [String](repeating: unheard(), count: 3)
    #expect(try await findings() == zip(positions, words).map { "\($0): \($1)" })
  }

  @Test func `a count after its first denial is found in order, whatever it merged`()
    async throws
  {
    shop.time.alignToMinute()
    for _ in 0..<3 { await deny() }
    await deny(application: "other")
    await deny(.addKey, application: nil, in: nil)
    await deny(.addKey, application: nil, in: nil)
    nextMinute()
    try await allow()

    let decisions = try await shop.session.state().decisions
    #expect(decisions.tally(of: "staging").last?.count == 3)
    #expect(decisions.tally(of: "staging").last?.application == nil)
    #expect(decisions.tally(of: nil).denied == 2)
    #expect(try await findings() == [])
  }

  @Test func `a restore that a copy denied is found in order, and so are more of them`()
    async throws
  {
    shop.time.alignToMinute()
    for _ in 0..<3 { try await shop.session.record(denied(.restoreLedger)) }
    nextMinute()
    try await allow()

    #expect(try await shop.session.state().decisions.tally(of: nil).denied == 3)
    #expect(try await findings() == [])
  }

  @Test func `nothing else is denied by a copy`() async throws {
    let size = try shop.session.ledger.head().size
    try await shop.session.record(denied(.addKey))

    #expect(try await findings() == ["\(size): \(unheard(.addKey))"])
  }

  private func denied(_ action: Action) -> AccessDenied {
    let request = AccessRequest(action, by: eve.actor, application: nil, environment: nil)
    return AccessDenied(
      request: request, decision: request.decide(Grants(), at: shop.time.now()), isCounted: false)
  }

  @Test func `damaged counts are found in order, under the program's own name alone`()
    async throws
  {
    try Data("[{".utf8).write(
      to: URL(fileURLWithPath: DenialFile(shop.workspace, keys: shop.session.keys).path))
    try await allow()
    #expect(try await findings() == [])

    let damage = AccessDecided(
      action: "denials.count", actor: eve.actor, application: nil, decision: .deny,
      reasons: ["countsDamaged"])
    let position = try await forge(damage, in: nil)

    #expect(
      try await findings() == [
        "\(position): denies denials.count to \(eve.actor) without naming the grants, and no such "
          + "denial was recorded before"
      ])
  }

  /// The counts are no part of the ledger, and a restore leaves them where they are.
  @Test func `a count whose first denial a restore has lost is found in order until all are over`()
    async throws
  {
    let copy = shop.directory.file("backup")
    try await shop.backUp(to: copy)
    shop.time.alignToMinute()
    for _ in 0..<3 { await deny() }
    try shop.lose("ledger.sqlite")
    _ = try await shop.restore(copy) { $0.startsIncarnation = true }
    let session = try shop.open()
    for _ in 0..<2 {
      nextMinute()
      try await allow(in: session)
    }

    #expect(try await session.state().decisions.tally(of: "staging").denied == 2)
    #expect(try await findings() == [])
    let position = try await forge(denial(.rollBack), through: session)
    #expect(try await findings() == ["\(position): \(unheard(.rollBack))"])
    try await session.close()
  }
}
