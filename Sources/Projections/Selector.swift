import Events

/// How people name a release, in every command and URL.
///
///     production            the good release that came last
///     production#812        number 812
///     production~2          the good release two before the last
///     production@2026-11-01T00:00Z   the release that ran at that time
package struct Selector: Hashable, Sendable {
  package enum Choice: Hashable, Sendable {
    /// How many good releases before the last one; 0 is the last.
    case goodBefore(Int)
    case number(Int)
    case time(Timestamp)
  }

  package let environment: EnvironmentName
  package let choice: Choice

  package init(_ environment: EnvironmentName, _ choice: Choice = .goodBefore(0)) {
    self.environment = environment
    self.choice = choice
  }

  package init(parsing text: String) throws(IdentifierError) {
    let mark = text.firstIndex { "#~@".contains($0) } ?? text.endIndex
    guard let environment = EnvironmentName(rawValue: String(text[..<mark])),
      let choice = Self.choice(text[mark...])
    else {
      throw IdentifierError(
        noun: "release", text: text,
        form: "production, production#812, production~2 or production@2026-11-01T00:00Z")
    }
    self.init(environment, choice)
  }

  private static func choice(_ text: Substring) -> Choice? {
    guard let mark = text.first else { return .goodBefore(0) }
    let value = text.dropFirst()
    switch mark {
    case "#": return positive(value).map(Choice.number)
    case "~": return value == "0" ? .goodBefore(0) : positive(value).map(Choice.goodBefore)
    default: return Timestamp(abbreviated: value).map(Choice.time)
    }
  }

  /// A number from 1 without leading zeros, at most nine digits.
  private static func positive(_ text: Substring) -> Int? {
    guard text.utf8.count <= 9, text.first != "0", text.utf8.allSatisfy({ 48...57 ~= $0 }) else {
      return nil
    }
    return Int(text)
  }
}

extension Selector: CustomStringConvertible {
  package var description: String {
    switch choice {
    case .goodBefore(0): "\(environment)"
    case .goodBefore(let count): "\(environment)~\(count)"
    case .number(let number): "\(environment)#\(number)"
    case .time(let time): "\(environment)@\(time)"
    }
  }
}

/// Two releases to compare: `production~1..production`, `staging..production`.
package struct SelectorRange: Hashable, Sendable {
  package let from: Selector
  package let to: Selector

  package init(from: Selector, to: Selector) {
    self.from = from
    self.to = to
  }

  package init(parsing text: String) throws(IdentifierError) {
    guard let dots = text.firstDots else {
      throw IdentifierError(
        noun: "pair of releases", text: text, form: "A..B, like production~1..production")
    }
    try self.init(
      from: Selector(parsing: String(text[..<dots.lowerBound])),
      to: Selector(parsing: String(text[dots.upperBound...])))
  }
}

extension SelectorRange: CustomStringConvertible {
  package var description: String { "\(from)..\(to)" }
}

extension String {
  /// The first `..`; a time has no two dots next to each other.
  fileprivate var firstDots: Range<String.Index>? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix("..") { return index..<self.index(index, offsetBy: 2) }
      index = self.index(after: index)
    }
    return nil
  }
}

extension Timestamp {
  /// A time of which people leave out the end: `2026-11-01Z`, `2026-11-01T00:00Z`,
  /// `2026-11-01T00:00:00Z`, or all of it, with a blank for the T where a table was read. Always
  /// UTC.
  package init?(abbreviated text: Substring) {
    guard text.last == "Z" else { return nil }
    let given = text.dropLast()
    let rest = "0000-00-00T00:00:00.000000Z"
    // To the day, the minute, the second, or one to six digits of it.
    guard [10, 16, 19].contains(given.count) || (21...26).contains(given.count) else { return nil }
    let text = String(given) + rest.suffix(rest.count - given.count)
    let mark = text.index(text.startIndex, offsetBy: 10)
    guard text[mark] == " " else {
      self.init(dataText: text)
      return
    }
    self.init(dataText: text[..<mark] + "T" + text[text.index(after: mark)...])
  }
}
