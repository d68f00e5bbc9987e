/// Fields whose value is a number.
extension SettingSection {
  /// - Parameter unit: In the plural, for the message: `days`.
  func whole(_ name: String, in range: ClosedRange<Int>, unit: String = "") -> Int? {
    scaled(name, by: 1, in: range, unit: unit)
  }

  /// A number of seconds as milliseconds.
  func seconds(_ name: String, inMilliseconds range: ClosedRange<Int>) -> Int? {
    scaled(name, by: 1_000, in: range, unit: "seconds", finest: "a millisecond")
  }

  /// A number of minutes as milliseconds.
  func minutes(_ name: String, inMilliseconds range: ClosedRange<Int>) -> Int? {
    scaled(name, by: 60_000, in: range, unit: "minutes", finest: "a millisecond")
  }

  /// A number of hours as minutes.
  func hours(_ name: String, inMinutes range: ClosedRange<Int>) -> Int? {
    scaled(name, by: 60, in: range, unit: "hours", finest: "a minute")
  }

  /// A share from 0 to 1 as parts per million.
  func share(_ name: String) -> Int? {
    scaled(name, by: 1_000_000, in: 0...1_000_000, unit: "", finest: "one part in a million")
  }

  /// An amount of money as millionths.
  func amount(_ name: String, unit: String) -> Int? {
    scaled(
      name, by: 1_000_000, in: 0...9_007_199_254_000_000, unit: unit, finest: "a millionth")
  }

  /// The number as written times `factor`; a problem unless that is whole and within `range`.
  private func scaled(
    _ name: String, by factor: Int, in range: ClosedRange<Int>, unit: String, finest: String = ""
  ) -> Int? {
    let wanted = Self.wanted(range, factor: factor, unit: unit)
    let shape = SettingShape.number(.init(range: range, factor: factor))
    guard let node = required(name, wanted, as: shape) else { return nil }
    return scaled(name, from: node, by: factor, in: range, wanted: wanted, finest: finest)
  }

  func scaled(
    _ name: String, from node: SettingNode, by factor: Int, in range: ClosedRange<Int>,
    wanted: String, finest: String
  ) -> Int? {
    guard let scalar = number(name, from: node, wanted: wanted) else { return nil }
    switch DecimalNumber(scalar.text)?.times(factor) {
    case .whole(let value) where range.contains(value):
      if factor == 1, scalar.form == .decimal { fallthrough }
      return accept(name, value)
    case .fraction where factor == 1, .whole where factor == 1 && scalar.form == .decimal:
      report(
        name, .wrongType, found: scalar.text, "is not a whole number", remedy: "write \(wanted)")
    case .fraction:
      report(
        name, .outOfRange, found: scalar.text, "is finer than \(finest)", remedy: "write \(wanted)")
    case .whole, .tooLarge, nil:
      report(name, .outOfRange, found: scalar.text, "is out of range", remedy: "write \(wanted)")
    }
    return nil
  }

  /// A scalar that every YAML reader takes for the same number.
  private func number(_ name: String, from node: SettingNode, wanted: String) -> SettingScalar? {
    guard case .scalar(let scalar) = node else {
      report(name, .wrongType, found: nil, "is \(node.noun)", remedy: "write \(wanted)")
      return nil
    }
    switch scalar.form {
    case .whole, .decimal:
      return scalar
    case .looseNumber:
      report(
        name, .wrongType, found: scalar.text, "is read differently by different YAML readers",
        remedy: "write \(wanted), in plain decimal digits")
    case .text where scalar.isQuoted && DecimalNumber(scalar.text) != nil:
      report(
        name, .wrongType, found: "\"\(scalar.text)\"", "is text, because of the quotes",
        remedy: "write \(scalar.text) without quotes")
    case .null, .flag, .looseFlag, .text:
      report(
        name, .wrongType, found: scalar.text, "is \(scalar.form.noun), not a number",
        remedy: "write \(wanted)")
    }
    return nil
  }

  static func wanted(_ range: ClosedRange<Int>, factor: Int, unit: String) -> String {
    let low = DecimalNumber.text(of: range.lowerBound, per: factor)
    let high = DecimalNumber.text(of: range.upperBound, per: factor)
    let noun = factor == 1 ? "a whole number" : "a number"
    return [noun, unit.isEmpty ? "" : "of \(unit)", "from \(low) to \(high)"]
      .filter { !$0.isEmpty }.joined(separator: " ")
  }
}

/// The same with a stated default, for fields that may be left out.
extension SettingSection {
  func whole(_ name: String, in range: ClosedRange<Int>, orElse standard: Int) -> Int? {
    orElse(standard, name) { whole(name, in: range) }
  }

  func seconds(
    _ name: String, inMilliseconds range: ClosedRange<Int>, orElse standard: Int
  ) -> Int? {
    orElse(standard, name) { seconds(name, inMilliseconds: range) }
  }

  func hours(_ name: String, inMinutes range: ClosedRange<Int>, orElse standard: Int) -> Int? {
    orElse(standard, name) { hours(name, inMinutes: range) }
  }

  private func orElse(_ standard: Int, _ name: String, _ read: () -> Int?) -> Int? {
    guard isGiven(name) else { return standard }
    defer { mayBeMissing(name, as: standard) }
    return read()
  }
}
