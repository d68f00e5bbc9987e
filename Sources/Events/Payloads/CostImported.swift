import CanonicalJSON

/// What a provider's bill says of one service and one time, recorded when it became known.
///
/// A statement and no addition: what a later event says of the same ``bill``, period and
/// ``service`` in the place takes its place, so that the same file again changes nothing, a
/// corrected one corrects, and a statement outlives those before it that retention has pruned.
package struct CostImported: EventPayload {
  package static let kind: EventKind = "cost.imported.v1"

  /// Negative is a credit; nothing is a service that was free, or that the bill no longer has.
  package let amount: Money
  /// Which bill says so, without saying whose account it is: SHA-256 of the canonical text of
  /// `{"account":…,"from":…,"provider":…,"subAccount":…,"until":…}`, the texts of its columns
  /// `BillingAccountId`, `ProviderName` and `SubAccountId` (`null` for none) and its billing
  /// period in the ledger's form of time.
  package let bill: ContentDigest
  /// The first moment that the amount covers; a day of UTC begins.
  package let from: Timestamp
  package let service: MachineWords
  /// Of the bytes of all files that were imported at once, one after another.
  package let source: ContentDigest
  /// The moment after the last that it covers; a day of UTC begins.
  package let until: Timestamp

  package init(
    amount: Money, from: Timestamp, until: Timestamp, service: MachineWords, bill: ContentDigest,
    source: ContentDigest
  ) {
    self.amount = amount
    self.bill = bill
    self.from = from
    self.service = service
    self.source = source
    self.until = until
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    amount = try Money(fields: &fields)
    bill = try fields.take("bill")
    from = try fields.take("from")
    service = try fields.take("service")
    source = try fields.take("source")
    until = try fields.take("until")
    guard from < until else { throw FormFault.field(path: "until", expected: "after \(from)") }
  }

  package func write(to fields: inout FieldWriter) {
    amount.write(to: &fields)
    fields.put("bill", bill)
    fields.put("from", from)
    fields.put("service", service)
    fields.put("source", source)
    fields.put("until", until)
  }
}
