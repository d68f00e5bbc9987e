import CanonicalJSON
import Events

/// Why a recorded configuration cannot be read: its shape is not the one this version writes.
package enum RecordedConfigurationError: Error, Hashable, Sendable {
  /// The field at `path` is missing or is not `expected`.
  case field(path: String, expected: String)
}

extension RecordedConfigurationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .field(let path, let expected):
      """
      The recorded configuration was not used: \(path) is not \(expected).
      See what was recorded with `stele show`, and check the ledger with `stele verify`.
      """
    }
  }
}

/// One object of a recorded configuration while it is read.
///
/// Only shapes are checked. The ranges of today's files are not asked of yesterday's record, or
/// tightening one would make old releases impossible to restore.
struct RecordedSection {
  let path: String
  let object: JSONObject

  init(_ object: JSONObject, path: String = "") {
    self.object = object
    self.path = path
  }

  func text(_ name: String) throws(RecordedConfigurationError) -> String {
    try value(name, "text", object[name]?.stringValue)
  }

  func name<Tag: IdentifierTag>(
    _ name: String, of _: Name<Tag>.Type = Name<Tag>.self
  ) throws(RecordedConfigurationError) -> Name<Tag> {
    let found = Name<Tag>(rawValue: try text(name))
    return try value(name, "a name of a-z, 0-9 and -", found)
  }

  func optionalText(_ name: String) throws(RecordedConfigurationError) -> String? {
    object[name] == nil ? nil : try text(name)
  }

  func flag(_ name: String) throws(RecordedConfigurationError) -> Bool {
    try value(name, "true or false", object[name]?.boolValue)
  }

  func whole(_ name: String) throws(RecordedConfigurationError) -> Int {
    try value(name, "a whole number", object[name]?.integerValue.map(Int.init))
  }

  func optionalWhole(_ name: String) throws(RecordedConfigurationError) -> Int? {
    object[name] == nil ? nil : try whole(name)
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, of _: Choice.Type = Choice.self
  ) throws(RecordedConfigurationError) -> Choice {
    let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return try value(
      name, "one of \(words)", object[name]?.stringValue.flatMap(Choice.init(rawValue:)))
  }

  func cpu(_ name: String) throws(RecordedConfigurationError) -> CPUQuantity {
    let text = try text(name)
    return try value(name, "an amount of processor time", try? CPUQuantity(parsing: text))
  }

  func bytes(_ name: String) throws(RecordedConfigurationError) -> ByteQuantity {
    let text = try text(name)
    return try value(name, "an amount of bytes", try? ByteQuantity(parsing: text))
  }

  func texts(_ name: String) throws(RecordedConfigurationError) -> [String] {
    let texts = object[name]?.arrayValue?.map(\.stringValue)
    return try value(
      name, "a list of texts", texts.flatMap { $0.contains(nil) ? nil : $0.compactMap(\.self) })
  }

  func optionalTexts(_ name: String) throws(RecordedConfigurationError) -> [String]? {
    object[name] == nil ? nil : try texts(name)
  }

  func section(_ name: String) throws(RecordedConfigurationError) -> RecordedSection {
    RecordedSection(try value(name, "an object", object[name]?.objectValue), path: path(of: name))
  }

  func optionalSection(_ name: String) throws(RecordedConfigurationError) -> RecordedSection? {
    object[name] == nil ? nil : try section(name)
  }

  func sections(_ name: String) throws(RecordedConfigurationError) -> [RecordedSection] {
    let objects = object[name]?.arrayValue?.map(\.objectValue)
    let found = try value(
      name, "a list of objects", objects.flatMap { $0.contains(nil) ? nil : $0.compactMap(\.self) })
    return found.enumerated().map { index, object in
      RecordedSection(object, path: "\(path(of: name))[\(index)]")
    }
  }

  func value<Value>(
    _ name: String, _ expected: String, _ value: Value?
  ) throws(RecordedConfigurationError) -> Value {
    guard let value else { throw .field(path: path(of: name), expected: expected) }
    return value
  }

  private func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
