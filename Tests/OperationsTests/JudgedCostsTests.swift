import CanonicalJSON
import Environments
import Events
import Foundation
import LedgerStore
import Projections
import Resources
import TestKit
import Testing
import Verification

@testable import Operations

/// `stele verify` asks again what a verdict says of money: by the budget that it holds, on the
/// costs that were recorded before it.
@Suite struct JudgedCostsTests {
  let shop: Shop
  let month: CalendarMonth

  init() async throws {
    shop = try await Shop()
    month = CalendarMonth(of: shop.time.now())
  }

  /// A bill for the first day of this month, recorded before any verdict of these tests was on its
  /// way.
  private func spend(euros: Int) async throws {
    let row = [
      "\(euros)", "0042", "EUR", day(month.end), day(month.start), "Usage", "",
      day(month.start.nextDay), day(month.start), "Cloud", "compute",
    ]
    let header =
      "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodEnd,BillingPeriodStart,"
      + "ChargeCategory,ChargeClass,ChargePeriodEnd,ChargePeriodStart,ProviderName,ServiceName"
    let path = shop.directory.file("bill.csv")
    try (header + "\n" + row.joined(separator: ",")).write(
      toFile: path, atomically: false, encoding: .utf8)
    _ = try await CostWork(shop.session).record(
      BilledCosts(reading: [("bill.csv", path)], assigning: .all(.staging)), of: "shop",
      isReplacing: false, by: shop.person)
    shop.time.advance(milliseconds: 16 * 60_000)
  }

  private func day(_ time: Timestamp) -> String { time.description.prefix(10) + "Z" }

  private func policy(monthly: Int) throws -> Policy {
    try shop.files.write(
      "staging: {budget: {monthly: \(monthly), currency: EUR, maxAgeDays: 366}}\n",
      to: "config/policy.yaml")
    return try ProjectFiles(shop.workspace, variables: [:]).policy()
  }

  private func deploy(by policy: Policy) async throws -> DeploymentEnd {
    let build = try await shop.build("first")
    return try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
      DeploymentWish(
        configuration: shop.configuration(), policy: policy, build: build, cause: .deployment),
      by: shop.person, observer: { _ in })
  }

  private func euros(_ count: Int) -> Money { Money(micros: count * 1_000_000, currency: "EUR") }

  private func spent(
    _ euros: Int?, until: Timestamp? = nil, in month: CalendarMonth? = nil
  ) -> PolicyDecided.Spent {
    let month = month ?? self.month
    return PolicyDecided.Spent(
      amounts: euros.map { [self.euros($0)] } ?? [], from: month.start, until: month.end,
      knownUntil: euros == nil ? nil : until ?? self.month.start.nextDay)
  }

  /// Signed by the service, whatever is so.
  private func verdict(
    monthly: Int, _ spent: PolicyDecided.Spent?, isDenied: Bool = false,
    rule: (inout JSONObject) -> Void = { _ in }
  ) async throws -> String {
    let budget = Budget(monthly: euros(monthly), maxAgeDays: 366, withoutData: .deny)
    var object = budget.recorded(in: .staging)
    rule(&object)
    let id = MachineWords(Budget.rule(in: .staging))
    let decided = PolicyDecided(
      configuration: try shop.configuration().digest, policy: try shop.configuration().digest,
      rules: [object], capacity: nil, spent: spent,
      violations: isDenied
        ? [.init(rule: id, field: MachineWords(Budget.field), found: nil)] : [])
    let position = try await shop.session.record(
      EntryDraft([
        DraftEvent(decided, in: .policy("shop", "staging"), scope: Shop.staging.scope)
      ]), by: shop.session.signer(.service)
    ).position
    return "\(position)"
  }

  private func findings() async throws -> [String] {
    let result = try await shop.verify()
    #expect(result.report.isSound)
    return try #require(result.entitlement).findings.map { "\($0.position): \($0.what)" }
  }

  @Test func `what a budget let through and what it denied is found in order`() async throws {
    #expect(try await deploy(by: policy(monthly: 100)) == .succeeded)
    try await spend(euros: 50)

    #expect(try await deploy(by: policy(monthly: 100)) == .succeeded)
    await #expect(throws: PolicyDenied.self) { try await deploy(by: policy(monthly: 10)) }
    #expect(try await findings() == [])
  }

  @Test func `a verdict that its own costs contradict is named`() async throws {
    try await spend(euros: 50)
    let kept = try await verdict(monthly: 40, spent(50))
    let broken = try await verdict(monthly: 60, spent(50), isDenied: true)
    _ = try await verdict(monthly: 40, spent(50), isDenied: true)
    _ = try await verdict(monthly: 60, spent(50))

    #expect(
      try await findings() == [
        "\(kept): says that staging/budget is kept, which the costs that it names do not",
        "\(broken): says that staging/budget is broken, which the costs that it names do not",
      ])
  }

  @Test func `costs that were not recorded so are named, once they have stood long enough`()
    async throws
  {
    let early = try await verdict(monthly: 60, spent(7))
    try await spend(euros: 50)
    let less = try await verdict(monthly: 60, spent(5))
    let later = try await verdict(monthly: 60, spent(50, until: month.start.nextDay.nextDay))
    let nothing = try await verdict(monthly: 60, spent(nil))
    let before = CalendarMonth(of: month.start.adding(milliseconds: -1))
    let other = try await verdict(monthly: 60, spent(50, in: before))

    let words = "names other costs than were recorded before it"
    #expect(
      try await findings() == [
        "\(early): \(words)", "\(less): \(words)", "\(later): \(words)", "\(nothing): \(words)",
        "\(other): names the costs of another month",
      ])
  }

  @Test func `a budget without costs, or of another form, is named`() async throws {
    let unspent = try await verdict(monthly: 60, nil)
    let currency = try await verdict(monthly: 60, spent(nil)) { $0["currency"] = "no code" }
    let value = try await verdict(monthly: 60, spent(nil)) { $0["value"] = "much" }

    #expect(
      try await findings() == [
        "\(unspent): has a budget and names no costs",
        "\(currency): has a budget that cannot be read: currency is not a currency's code",
        "\(value): has a budget that cannot be read: value is not a whole number",
      ])
  }
}
