import Foundation

/// The configuration's files as JSON Schema 2020-12, for editors and other programs; made from what
/// the readers ask for.
///
/// Source: https://json-schema.org/draft/2020-12/json-schema-core
package enum ConfigurationSchema: String, Hashable, Sendable, CaseIterable {
  /// A whole environment, nothing inherited.
  case environment
  /// One file of an environment's that `base.yaml`, or another, completes: no field is required.
  case layer
  /// `application.yaml`.
  case application
  /// `policy.yaml`.
  case policy

  /// Pretty-printed JSON with a line feed at the end.
  package var text: String {
    var fields = SchemaWriter(isWhole: self != .layer).fields(shape)
    fields["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    fields["$comment"] = .text(Self.comment)
    fields["title"] = .text(title)
    return SchemaNode.object(fields).text
  }

  package var shape: SettingShape {
    switch self {
    case .environment, .layer: .environment
    case .application: .application
    case .policy: .policy
    }
  }

  private var title: String {
    switch self {
    case .environment: "An environment of Stele"
    case .layer: "A layer of an environment of Stele"
    case .application: "An application of Stele"
    case .policy: "A policy of Stele"
    }
  }

  /// What `stele config validate` checks and a schema cannot say.
  private static let comment = """
    Made by `stele config schema`. Only `stele config validate` also sees: numbers and lengths of \
    one field against those of another, the name against the file's, numbers finer than what is \
    recorded, lengths in bytes, references, secrets, and spellings that YAML readers disagree about.
    """
}

/// Writes shapes as schemas.
private struct SchemaWriter {
  /// Whether required fields have to be there.
  let isWhole: Bool
  /// Whether what a field is where it is left out is the same everywhere.
  var hasDefaults = true

  func node(_ shape: SettingShape) -> SchemaNode { .object(fields(shape)) }

  func fields(_ shape: SettingShape) -> [String: SchemaNode] {
    switch shape {
    case .text(let text): string(text)
    case .flag: ["type": "boolean"]
    case .scalar: ["type": ["boolean", "number", "string"]]
    case .choice(let words): ["enum": .list(words.map { .text($0) })]
    case .number(let number): self.number(number)
    case .cpu:
      ["anyOf": [["type": "number", "minimum": .thousandth, "maximum": 10_000], Self.cpu]]
    case .bytes:
      [
        "anyOf": [
          ["type": "number", "minimum": 1, "maximum": 9_007_199_254_740_991], Self.bytes,
        ]
      ]
    case .endpoint(let schemes):
      ["type": "string", "maxLength": 2_048, "pattern": .text(Self.endpoint(schemes))]
    case .list(let shape, let isEmptyAllowed, let isUnique):
      [
        "type": "array", "items": node(shape), "minItems": isEmptyAllowed ? 0 : 1,
        "uniqueItems": .flag(isUnique),
      ]
    case .section(let fields, let rules): section(fields, rules)
    case .names(let name, let shape, let isEmptyAllowed):
      [
        "type": "object", "propertyNames": .object(string(name)),
        "additionalProperties": ["anyOf": [node(shape), ["type": "null"]]],
        "minProperties": isEmptyAllowed ? 0 : 1,
      ]
    case .either(let shapes): ["anyOf": .list(shapes.map(node))]
    }
  }

  private func string(_ text: SettingShape.TextShape) -> [String: SchemaNode] {
    [
      "type": "string", "maxLength": .number(Decimal(text.byteCountMax)),
      "pattern": .text("^(?:\(text.pattern))$"), "description": .text(text.wanted),
    ]
  }

  private func number(_ number: SettingShape.NumberShape) -> [String: SchemaNode] {
    [
      "type": number.factor == 1 ? "integer" : "number",
      "minimum": .number(Decimal(number.range.lowerBound) / Decimal(number.factor)),
      "maximum": .number(Decimal(number.range.upperBound) / Decimal(number.factor)),
    ]
  }

  private func section(
    _ fields: [SettingShape.Field], _ rules: [SectionRule]
  ) -> [String: SchemaNode] {
    var schema: [String: SchemaNode] = ["type": "object", "additionalProperties": false]
    schema["properties"] = .object(
      Dictionary(uniqueKeysWithValues: fields.map { ($0.name, property($0)) }))
    let required = fields.filter { $0.isRequired && isWhole }.map { SchemaNode.text($0.name) }
    if !required.isEmpty { schema["required"] = .list(required) }
    let kept = rules.compactMap(rule)
    if !kept.isEmpty { schema["allOf"] = .list(kept) }
    return schema
  }

  /// A field that may be left out may also be null, which removes what a lower layer says.
  private func property(_ field: SettingShape.Field) -> SchemaNode {
    // What is left out for one environment is what the section around it says.
    let writer = field.name == "environments" ? without : self
    guard !field.isRequired else { return writer.node(field.shape) }
    var schema: [String: SchemaNode] = ["anyOf": [writer.node(field.shape), ["type": "null"]]]
    if hasDefaults, case .number(let number) = field.shape, let standard = field.standard {
      schema["default"] = .number(Decimal(standard) / Decimal(number.factor))
    }
    return .object(schema)
  }

  private var without: SchemaWriter {
    SchemaWriter(isWhole: isWhole, hasDefaults: false)
  }

  private func rule(_ rule: SectionRule) -> SchemaNode? {
    switch rule {
    case .excludes(let values): ["not": Self.given(values)]
    case .needs(let field, let other):
      isWhole ? ["if": Self.there(field), "then": Self.there(other)] : nil
    case .decides(let field, let value, let other, let isThere):
      isWhole
        ? [
          "if": Self.given([field: value]),
          "then": isThere ? Self.there(other) : ["not": Self.there(other)],
        ] : nil
    }
  }

  private static func given(_ values: [String: SectionRule.Value]) -> SchemaNode {
    [
      "properties": .object(values.mapValues { ["const": $0.node] }),
      "required": .list(values.keys.sorted().map { .text($0) }),
    ]
  }

  /// Null is as good as absent.
  private static func there(_ field: String) -> SchemaNode {
    [
      "properties": .object([field: ["not": ["type": "null"]]]), "required": [.text(field)],
    ]
  }

  private static let cpu: SchemaNode = [
    "type": "string",
    "pattern": #"^(?!0+(\.0+)?m?$)(0|[1-9][0-9]{0,4})(\.[0-9]{1,3}0*)?$|^[1-9][0-9]{0,7}(\.0+)?m$"#,
    "description": .text(SettingSection.cpuWanted),
  ]

  private static let bytes: SchemaNode = [
    "type": "string",
    "pattern": #"^(?!0+(\.0+)?[A-Za-z]*$)(0|[1-9][0-9]*)(\.[0-9]+)?([KMGTP]i|[kMGTP])?$"#,
    "description": .text(SettingSection.bytesWanted),
  ]

  private static func endpoint(_ schemes: [String]) -> String {
    let any = schemes.map { scheme in
      scheme.map { "[\($0)\($0.uppercased())]" }.joined()
    }.joined(separator: "|")
    let host = #"(?:\[[0-9A-Fa-f:.]+\]|[^\s:\/?#@\[\]\u0080-\uFFFF]+)"#
    let port = "(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}"
    let lastPorts = "|655[0-2][0-9]|6553[0-5]))?"
    return #"^(?:(?:\#(any)):\/\/\#(host)\#(port)\#(lastPorts)(?:[\/?#][!-~]*)?)?$"#
  }
}

extension SchemaNode {
  fileprivate static let thousandth = SchemaNode.number(Decimal(1) / 1_000)
}

extension SectionRule.Value {
  fileprivate var node: SchemaNode {
    switch self {
    case .flag(let flag): .flag(flag)
    case .text(let text): .text(text)
    }
  }
}
