import CanonicalJSON
import Events

/// What a flag says. Files have truth values only, as the story does.
package enum FlagValue: Hashable, Sendable {
  case bool(Bool)
  /// Within the ledger's integers.
  case integer(Int)
  /// As ``TextRule/label``: at most 200 bytes.
  case string(String)

  /// What a flag is, which stays as long as anybody sets it or writes it in a file.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case bool
    case integer
    case string
  }

  package var kind: Kind {
    switch self {
    case .bool: .bool
    case .integer: .integer
    case .string: .string
    }
  }

  /// As people write it, and a reference `${features.NAME}` puts it in.
  package var text: String {
    switch self {
    case .bool(let flag): "\(flag)"
    case .integer(let number): "\(number)"
    case .string(let text): text
    }
  }

  package var json: JSONValue {
    switch self {
    case .bool(let flag): .bool(flag)
    case .integer(let number): .integer(Int64(number))
    case .string(let text): .string(text)
    }
  }

  /// Nil for what no flag says.
  init?(json: JSONValue) {
    switch json {
    case .bool(let flag): self = .bool(flag)
    case .integer(let number): self = .integer(Int(number))
    case .string(let text): self = .string(text)
    case .null, .array, .object: return nil
    }
  }
}

extension FlagValue {
  /// Reads what somebody typed.
  ///
  /// - Parameter kind: What it has to be; nil to go by its looks.
  /// - Throws: ``FlagValueError`` for what is not of the kind, or looks like several.
  package init(parsing text: String, as kind: Kind?) throws(FlagValueError) {
    guard let kind = kind ?? Self.kind(of: text) else { throw FlagValueError.unclear }
    switch kind {
    case .bool:
      guard text == "true" || text == "false" else { throw FlagValueError.not(.bool) }
      self = .bool(text == "true")
    case .integer:
      guard ScalarForm(plain: text) == .whole, let number = Int(text),
        number.magnitude <= Limits.integerMagnitude
      else { throw FlagValueError.not(.integer) }
      self = .integer(number)
    case .string:
      if TextRule.label.complaint(about: text) != nil { throw FlagValueError.not(.string) }
      self = .string(text)
    }
  }

  /// Nil for what some programs take for a truth value or a number and others do not.
  private static func kind(of text: String) -> Kind? {
    switch ScalarForm(plain: text) {
    case .flag: .bool
    case .whole: .integer
    case .text: .string
    case .null, .looseFlag, .decimal, .looseNumber: nil
    }
  }
}

/// Why a text is no flag's value.
package enum FlagValueError: Error, Hashable, Sendable {
  case not(FlagValue.Kind)
  /// It has to be said what it is.
  case unclear

  /// What would be right, as the end of "write …".
  package var wanted: String {
    switch self {
    case .not(.bool): "true or false"
    case .not(.integer): "a whole number of at most ±\(Limits.integerMagnitude)"
    case .not(.string): "text of at most 200 bytes, without control characters or blanks around"
    case .unclear: "true, false or a whole number, or say --type string"
    }
  }
}

extension FeatureFlag {
  /// Why nothing may be called so, as a clause; nil for a name.
  package static func complaint(aboutName name: String) -> String? {
    TextRule.label.complaint(about: name)
  }
}
