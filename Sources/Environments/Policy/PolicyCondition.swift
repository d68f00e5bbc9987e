import CanonicalJSON

/// What a rule asks of one field's value, in the units and spellings of the files.
package enum PolicyCondition: Hashable, Sendable {
  /// Exactly this.
  case `is`(String)
  case oneOf([String])
  case atLeast(String)
  case atMost(String)
  /// A list with all of these in it.
  case includes([String])
  /// A list with nothing but these in it.
  case within([String])
}

extension PolicyCondition {
  /// Whether `text`, of a field with this shape, keeps it; what cannot be compared does not.
  func holds(_ text: String, _ shape: SettingShape) -> Bool {
    switch self {
    case .is(let wanted): shape.isSame(text, wanted)
    case .oneOf(let wanted): wanted.contains { shape.isSame(text, $0) }
    case .atLeast(let limit): shape.compare(text, limit) { $0 >= $1 }
    case .atMost(let limit): shape.compare(text, limit) { $0 <= $1 }
    case .includes(let wanted): Set(wanted).isSubset(of: Self.items(text))
    case .within(let wanted): Self.items(text).isSubset(of: wanted)
    }
  }

  /// A list as ``ConfigurationLeaf/text`` has it.
  private static func items(_ text: String) -> Set<String> {
    Set(text.split(separator: ",").map(String.init))
  }

  /// The end of "write …".
  package var wanted: String {
    switch self {
    case .is(let value): value
    case .oneOf(let values): "one of \(values.joined(separator: ", "))"
    case .atLeast(let limit): "at least \(limit)"
    case .atMost(let limit): "at most \(limit)"
    case .includes(let values): "a list with \(values.joined(separator: ", "))"
    case .within(let values): "a list of only \(values.joined(separator: ", "))"
    }
  }

  /// Its name in `policy.yaml`.
  package var name: String {
    switch self {
    case .is: "is"
    case .oneOf: "oneOf"
    case .atLeast: "atLeast"
    case .atMost: "atMost"
    case .includes: "includes"
    case .within: "within"
    }
  }

  /// As it is recorded: one value, or a list.
  var recordedValue: JSONValue {
    switch self {
    case .is(let value), .atLeast(let value), .atMost(let value): .string(value)
    case .oneOf(let values), .includes(let values), .within(let values):
      .array(values.map { .string($0) })
    }
  }

  /// Why a field of this shape can never keep it, as a clause; nil where it can.
  func complaint(about shape: SettingShape) -> String? {
    switch self {
    case .is(let value): shape.complaint(about: value)
    case .oneOf(let values): values.lazy.compactMap { shape.complaint(about: $0) }.first
    case .atLeast(let value), .atMost(let value):
      shape.magnitude(of: value) == nil ? "is no amount of that field" : nil
    case .includes, .within: shape.isList ? nil : "is for lists"
    }
  }
}

extension SettingShape {
  fileprivate var isList: Bool { if case .list = self { true } else { false } }

  /// The number behind a text of this shape, exact; nil for what is no amount.
  func magnitude(of text: String) -> Int? {
    switch self {
    case .number(let number):
      if case .whole(let value) = DecimalNumber(text)?.times(number.factor) { value } else { nil }
    case .cpu: (try? CPUQuantity(parsing: text))?.milliCPU
    case .bytes: (try? ByteQuantity(parsing: text))?.bytes
    case .text, .flag, .choice, .endpoint, .scalar, .list, .section, .names, .either: nil
    }
  }

  fileprivate func compare(_ left: String, _ right: String, by isKept: (Int, Int) -> Bool) -> Bool {
    guard let left = magnitude(of: left), let right = magnitude(of: right) else { return false }
    return isKept(left, right)
  }

  fileprivate func isSame(_ left: String, _ right: String) -> Bool {
    if let left = magnitude(of: left), let right = magnitude(of: right) { return left == right }
    return left.utf8.elementsEqual(right.utf8)
  }

  /// Why no field of this shape can have a value, as a clause; nil where one can.
  fileprivate func complaint(about value: String) -> String? {
    switch self {
    case .flag: ["true", "false"].contains(value) ? nil : "is not true or false"
    case .choice(let words):
      words.contains(value) ? nil : "is not one of \(words.joined(separator: ", "))"
    case .number, .cpu, .bytes:
      magnitude(of: value) == nil ? "is no amount of that field" : nil
    case .list: "is one value, and that field is a list: say includes or within"
    case .text, .endpoint, .scalar, .section, .names, .either: nil
    }
  }
}
