import Foundation

/// A value of a JSON Schema. The ledger's JSON has no fractions, and a schema needs them: `0.1`
/// seconds is a limit.
indirect enum SchemaNode: Encodable, Hashable {
  case null
  case flag(Bool)
  case number(Decimal)
  case text(String)
  case list([SchemaNode])
  case object([String: SchemaNode])

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let flag): try container.encode(flag)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .list(let items): try container.encode(items)
    case .object(let fields): try container.encode(fields)
    }
  }

  /// Indented, names ascending, with a line feed at the end: the same bytes every time.
  var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    } catch {
      preconditionFailure("a schema of finite numbers is not written: \(error)")
    }
  }
}

extension SchemaNode: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral text: String) { self = .text(text) }
  init(booleanLiteral flag: Bool) { self = .flag(flag) }
  init(integerLiteral number: Int) { self = .number(Decimal(number)) }
  init(arrayLiteral items: SchemaNode...) { self = .list(items) }

  init(dictionaryLiteral fields: (String, SchemaNode)...) {
    self = .object(Dictionary(fields, uniquingKeysWith: { _, last in last }))
  }
}
