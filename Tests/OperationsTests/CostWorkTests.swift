import CanonicalJSON
import Environments
import Events
import Foundation
import LedgerStore
import Projections
import Resources
import TestKit
import Testing

@testable import Operations

/// Bills on their way into the ledger.
@Suite struct CostWorkTests {
  let shop: Shop

  init() async throws { shop = try await Shop() }

  /// A bill of as many services, a euro each, all staging's.
  private func bill(_ services: Int, name: String = "s") throws -> BilledCosts {
    let header =
      "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodEnd,"
      + "BillingPeriodStart,ChargeCategory,ChargeClass,ChargePeriodEnd,ChargePeriodStart,"
      + "ProviderName,ServiceName"
    let rows = (0..<services).map {
      "1,0042,EUR,2026-12-01Z,2026-11-01Z,Usage,,2026-11-04Z,2026-11-03Z,Cloud,\(name)\($0)"
    }
    let path = shop.directory.file("bill-\(services)-\(name).csv")
    try ([header] + rows).joined(separator: "\n").write(
      toFile: path, atomically: false, encoding: .utf8)
    return try BilledCosts(reading: [("bill.csv", path)], assigning: .all(.staging))
  }

  private func record(
    _ bill: BilledCosts, by person: Signer? = nil, replacing: Bool = false,
    in session: Session? = nil
  ) async throws -> [CostChanges] {
    try await CostWork(session ?? shop.session).record(
      bill, of: "shop", isReplacing: replacing, by: person ?? shop.person
    ).filter { $0.environment == .staging }
  }

  private func costs() async throws -> Costs {
    try await shop.session.costs(of: Shop.staging).costs
  }

  @Test func `a long bill takes several entries, and the same again none`() async throws {
    let bill = try bill(1_201)
    let first = try await record(bill)
    let size = try await shop.session.state().size
    let again = try await record(bill)
    let stream = StreamName.cost("shop", "staging")
    let positions = try shop.session.ledger.read {
      try $0.positions(matching: EntryFilter(stream: stream))
    }

    #expect(first.map(\.added) == [1_201])
    #expect(again.map(\.unchanged) == [1_201])
    #expect(positions.count == 3)
    #expect(try await shop.session.state().size == size)
    #expect(try await costs().totals == [Money(micros: 1_201_000_000, currency: "EUR")])
    #expect(try await shop.verify().entitlement?.findings.isEmpty == true)
  }

  @Test func `of two at once each charge is recorded once`() async throws {
    let bill = try bill(20)
    let other = try Session.open(
      shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for session in [shop.session, other] {
        group.addTask { _ = try await record(bill, in: session) }
      }
      try await group.waitForAll()
    }

    #expect(try await shop.session.costs(of: Shop.staging).version == 20)
    #expect(try await costs().amounts.count == 20)
  }

  @Test func `who may not import bills is denied, and nothing else is recorded`() async throws {
    let stranger = try await shop.stranger()
    let bill = try bill(1)

    await #expect(throws: AccessDenied.self) { try await record(bill, by: stranger) }
    #expect(try await costs().isEmpty)
  }

  @Test func `more contradictions than can be named are counted`() async throws {
    _ = try await record(bill(7))
    let other = try bill(1, name: "t")

    let error = await #expect(throws: CostsContradicted.self) { try await record(other) }
    let words = "\(try #require(error))"
    #expect(words.contains("of 7 charges the bill says something else"))
    #expect(words.contains("staging 2026-11-03 s0: 1.00 EUR, not in the bill"))
    #expect(words.contains("and 2 more"))
    #expect(try await record(other, replacing: true).map(\.takenBack) == [7])
    #expect(try await costs().totals == [Money(micros: 1_000_000, currency: "EUR")])
  }

  @Test func `costs that nobody was allowed to record are named by a verification`() async throws {
    let event = CostImported(
      amount: Money(micros: 1, currency: "EUR"), from: .earliest, until: .latest,
      service: "compute",
      bill: ContentDigest(sha256: Digest(bytes: Array(repeating: 1, count: 32))),
      source: ContentDigest(sha256: Digest(bytes: Array(repeating: 2, count: 32))))
    let stream = StreamName.cost("shop", "staging")
    let service = try await shop.session.signer(.service)
    let position = try await shop.session.record(
      EntryDraft([DraftEvent(event, in: stream, scope: Shop.staging.scope)]), by: service
    ).position

    let findings = try #require(try await shop.verify().entitlement).findings
    #expect(
      findings.map { "\($0.position): \($0)" } == [
        "\(position): notEntitled: cost.imported.v1 of \(service.actor) rests on no decision"
      ])
  }

  @Test func `sums beyond what the ledger can write are held at the greatest`() async throws {
    var costs = Costs()
    for (index, sign) in [1, 1, -1].enumerated() {
      let event = CostImported(
        amount: Money(
          micros: sign * Limits.integerMagnitude, currency: sign > 0 ? "EUR" : "USD"),
        from: .earliest, until: .latest, service: MachineWords("\(index)"),
        bill: ContentDigest(sha256: Digest(bytes: Array(repeating: 1, count: 32))),
        source: ContentDigest(sha256: Digest(bytes: Array(repeating: 1, count: 32))))
      costs.apply(
        Recorded(
          position: 0, index: 0, recorded: .earliest,
          entry: .make(at: .earliest, random: Array(repeating: 1, count: 10)),
          actor: shop.person.actor, behalf: nil, scope: Shop.staging.scope,
          stream: .cost("shop", "staging"), version: 1, event: .cost(event)))
    }

    #expect(costs.totals.map(\.micros) == [Limits.integerMagnitude, -Limits.integerMagnitude])
  }
}
