import CanonicalJSON

/// An amount of one currency, exact: never a binary fraction.
package struct Money: Hashable, Sendable {
  /// Millionths of the currency's unit, within the ledger's integers; negative is a credit.
  package let micros: Int
  /// ISO 4217: `EUR`.
  package let currency: Code

  package init(micros: Int, currency: Code) {
    self.micros = micros
    self.currency = currency
  }
}

extension Money: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    micros = try fields.take("amountMicros")
    currency = try fields.take("currency")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("amountMicros", micros)
    fields.put("currency", currency)
  }
}

extension Money: CustomStringConvertible {
  /// With the decimals that there are, two at least: `1312.50 EUR`, `-0.000001 EUR`.
  package var description: String {
    let (whole, rest) = micros.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    var decimals = String("\(1_000_000 + rest)".dropFirst())
    while decimals.utf8.count > 2, decimals.last == "0" { decimals.removeLast() }
    return "\(micros < 0 ? "-" : "")\(whole).\(decimals) \(currency)"
  }
}
