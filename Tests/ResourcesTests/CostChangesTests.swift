import CanonicalJSON
import Environments
import Events
import Projections
import Testing

@testable import Resources

/// What an import changes of what is recorded.
@Suite struct CostChangesTests {
  private let digest = ContentDigest(hashing: [1])

  /// What is recorded when `bill` has been imported into staging after `before`.
  private func recorded(_ bill: Bill, after before: Costs = Costs()) throws -> Costs {
    var costs = before
    for change in try changes(bill, against: before).changes {
      let event = CostImported(
        amount: change.after, from: change.charge.from, until: change.charge.until,
        service: change.charge.service, bill: change.charge.bill, source: digest)
      costs.apply(.cost(event))
    }
    return costs
  }

  private func changes(_ bill: Bill, against known: Costs) throws -> CostChanges {
    let billed = try bill.read()
    return CostChanges(
      of: try billed.money(in: .staging), on: billed.days, in: billed.currency, against: known,
      environment: .staging)
  }

  private func counts(_ changes: CostChanges) -> [Int] {
    [changes.added, changes.replaced, changes.takenBack, changes.unchanged]
  }

  @Test func `the same again changes nothing`() throws {
    let bill = Bill([:], ["ServiceName": "store"], ["BilledCost": "0", "ServiceName": "free"])
    let known = try recorded(bill)

    #expect(try counts(changes(bill, against: Costs())) == [3, 0, 0, 0])
    #expect(try counts(changes(bill, against: known)) == [0, 0, 0, 3])
    #expect(known.totals == [Money(micros: 2_500_000, currency: "EUR")])
  }

  @Test func `a bill that goes on adds what is new`() throws {
    let day = ["ChargePeriodStart": "2026-11-04Z", "ChargePeriodEnd": "2026-11-05Z"]
    let known = try recorded(Bill([:]))
    let later = try changes(Bill([:], day), against: known)

    #expect(counts(later) == [1, 0, 0, 1])
    #expect(later.contradictions.isEmpty)
  }

  @Test func `another amount replaces, and what a day has no more is taken back`() throws {
    let known = try recorded(Bill([:], ["ServiceName": "store"]))
    let newer = Bill(["BilledCost": "3"])
    let changes = try changes(newer, against: known)

    #expect(counts(changes) == [0, 1, 1, 0])
    #expect(changes.contradictions.count == 2)
    let after = try recorded(newer, after: known)
    #expect(after.totals == [Money(micros: 3_000_000, currency: "EUR")])
    #expect(try counts(self.changes(newer, against: after)) == [0, 0, 0, 1])
  }

  @Test func `a charge that names another environment by now is taken back here`() throws {
    let known = try recorded(Bill([:]))
    let moved = Bill(
      ["Tags": #"{"environment":"production"}"#], ["ServiceName": "other", "BilledCost": "1"])

    #expect(try counts(changes(moved, against: known)) == [1, 0, 1, 0])
    let untagged = Bill(["Tags": ""], ["ServiceName": "other"])
    #expect(try counts(changes(untagged, against: known)) == [1, 0, 1, 0])
  }

  @Test func `other days, bills and accounts are left as they are`() throws {
    let known = try recorded(Bill([:]))
    for columns in [
      ["ChargePeriodStart": "2026-11-02Z"], ["SubAccountId": "7"], ["ProviderName": "Other"],
      [
        "BillingPeriodStart": "2026-12-01Z", "BillingPeriodEnd": "2027-01-01Z",
        "ChargeClass": "Correction", "BilledCost": "-0.25",
      ],
    ] {
      let changes = try changes(Bill(columns), against: known)
      #expect(counts(changes) == [1, 0, 0, 0], "\(columns)")
    }
  }

  @Test func `a correction in a later bill counts in the month of the charge`() throws {
    let correction = Bill([
      "BillingPeriodStart": "2026-12-01Z", "BillingPeriodEnd": "2027-01-01Z",
      "ChargeClass": "Correction", "BilledCost": "-0.25",
    ])
    let known = try recorded(correction, after: recorded(Bill([:])))

    #expect(known.totals == [Money(micros: 1_000_000, currency: "EUR")])
    #expect(known.months.map(\.description) == ["2026-11"])
    #expect(try correction.read().corrections == 1)
  }

  @Test func `another currency is another statement`() throws {
    let known = try recorded(Bill([:]))
    let other = Bill(["BillingCurrency": "USD"])

    #expect(try counts(changes(other, against: known)) == [0, 1, 0, 0])
    #expect(
      try recorded(other, after: known).totals == [Money(micros: 1_250_000, currency: "USD")])
  }
}

extension ContentDigest {
  fileprivate init(hashing bytes: [UInt8]) {
    self.init(sha256: .init(bytes: [UInt8](repeating: bytes[0], count: 32)))
  }
}
