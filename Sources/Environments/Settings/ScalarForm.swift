/// What a value without quotes looks like to a YAML reader.
///
/// YAML 1.1 and 1.2 disagree about some spellings (`yes`, `010`, `1_000`), and so do the tools
/// that will read the same file. Those have a case of their own and are never accepted: the file
/// must mean one thing.
enum ScalarForm: Hashable, Sendable {
  case null
  /// `true` or `false`, exactly.
  case flag
  /// A truth value only to some readers: `yes`, `Off`, `TRUE`.
  case looseFlag
  /// `0`, `-7`, `250`.
  case whole
  /// `0.25`, `-1.50`.
  case decimal
  /// A number only to some readers, or in another base: `010`, `0x1F`, `1_000`, `1e3`, `.inf`.
  case looseNumber
  case text

  init(plain text: String) {
    if ["", "~", "null", "Null", "NULL"].contains(text) {
      self = .null
    } else if text == "true" || text == "false" {
      self = .flag
    } else if ["yes", "no", "on", "off", "true", "false"].contains(text.lowercased()),
      text == text.lowercased() || text == text.uppercased() || text == text.capitalizedASCII
    {
      self = .looseFlag
    } else {
      self = Self.number(text) ?? .text
    }
  }

  var noun: String {
    switch self {
    case .null: "null"
    case .flag, .looseFlag: "a truth value"
    case .whole, .decimal, .looseNumber: "a number"
    case .text: "text"
    }
  }

  private static func number(_ text: String) -> ScalarForm? {
    // Nearly every name and value: the expressions are not asked, which would take a millisecond.
    guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return nil }
    if text.wholeMatch(of: #/-?(0|[1-9][0-9]*)/#) != nil { return .whole }
    if text.wholeMatch(of: #/-?(0|[1-9][0-9]*)\.[0-9]+/#) != nil { return .decimal }
    if text.wholeMatch(of: #/[-+]?0([xX][0-9a-fA-F_]+|[oO][0-7_]+|[bB][01_]+)/#) != nil {
      return .looseNumber
    }
    if text.wholeMatch(of: #/[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?/#) != nil {
      return .looseNumber
    }
    if text.wholeMatch(of: #/[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+/#) != nil { return .looseNumber }
    if text.wholeMatch(of: #/[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)/#) != nil { return .looseNumber }
    return nil
  }
}

extension String {
  fileprivate var capitalizedASCII: String { prefix(1).uppercased() + dropFirst().lowercased() }
}
