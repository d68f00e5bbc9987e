/// What a field takes, as its reader asks for it: what the JSON Schema and the names of overriding
/// variables are made from, so that neither can say anything else than the reader does.
package indirect enum SettingShape: Hashable, Sendable {
  /// Text of at least one character.
  case text(TextShape)
  case flag
  /// One of these words, exactly.
  case choice([String])
  case number(NumberShape)
  /// One value, whatever it is.
  case scalar
  /// Cores as a number, or as text: see ``CPUQuantity``.
  case cpu
  /// Bytes as a number, or as text: see ``ByteQuantity``.
  case bytes
  /// An absolute URL of one of these schemes, or nothing.
  case endpoint(schemes: [String])
  /// Distinct items of one shape.
  case list(SettingShape, isEmptyAllowed: Bool, isUnique: Bool)
  case section([Field], rules: [SectionRule])
  /// Values of one shape under names that users choose.
  case names(TextShape, SettingShape, isEmptyAllowed: Bool)
  /// Any of several, such as one port for all environments or one for each.
  case either([SettingShape])

  package struct Field: Hashable, Sendable {
    package let name: String
    package let shape: SettingShape
    /// Whether a whole configuration must have it.
    package let isRequired: Bool
    /// What a number is where it is left out, as recorded; nil where there is no such value.
    package let standard: Int?
  }

  package struct TextShape: Hashable, Sendable {
    /// The end of "write …".
    package let wanted: String
    /// UTF-8 bytes.
    package let byteCountMax: Int
    /// ECMA-262, for the whole text.
    package let pattern: String
  }

  package struct NumberShape: Hashable, Sendable {
    /// As recorded: what is written times ``factor``.
    package let range: ClosedRange<Int>
    /// 1 for whole numbers; 1,000 for seconds recorded as milliseconds.
    package let factor: Int
  }
}

/// What the fields of one section must keep together.
package enum SectionRule: Hashable, Sendable {
  /// Where `field` stands, `other` has to.
  case needs(_ field: String, _ other: String)
  /// Not all of these values at once, each `true`, `false` or a text.
  case excludes([String: Value])
  /// Where `field` has `value`, `other` has to stand (or must not).
  case decides(_ field: String, _ value: Value, _ other: String, isThere: Bool)

  package enum Value: Hashable, Sendable {
    case flag(Bool)
    case text(String)
  }
}

extension SettingShape.Field {
  /// ``standard`` as a file would write it.
  var standardText: String? {
    guard case .number(let number) = shape, let standard else { return nil }
    return DecimalNumber.text(of: standard, per: number.factor)
  }
}

extension SettingShape {
  /// The field at a dotted path; nil where there is none. A name that users choose fits any.
  package subscript(path: [Substring]) -> SettingShape? {
    guard let name = path.first else { return self }
    let rest = Array(path.dropFirst())
    switch self {
    case .section(let fields, _): return fields.first { $0.name == name }?.shape[rest]
    case .names(_, let shape, _): return shape[rest]
    case .list(let shape, _, _): return Int(name) == nil ? nil : shape[rest]
    case .either(let shapes): return shapes.lazy.compactMap { $0[path] }.first
    case .text, .flag, .choice, .number, .cpu, .bytes, .endpoint, .scalar: return nil
    }
  }

  /// Dotted paths of everything that has a value of its own, in the readers' order: lists are one,
  /// names that users choose are `*`.
  package var leaves: [String] { leaves(under: "") }

  private func leaves(under path: String) -> [String] {
    switch self {
    case .section(let fields, _):
      fields.flatMap { $0.shape.leaves(under: path.isEmpty ? $0.name : "\(path).\($0.name)") }
    case .names(_, let shape, _): shape.leaves(under: "\(path).*")
    case .either, .list, .text, .flag, .choice, .number, .cpu, .bytes, .endpoint, .scalar: [path]
    }
  }
}
