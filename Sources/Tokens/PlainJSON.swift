import Foundation

/// JSON as others write it (RFC 8259), with blanks and in any order; an object that has a member
/// twice is refused, since two readers may take two different ones.
package enum PlainJSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// A fraction, or more than 64 bits.
  case number
  case string(String)
  case array([PlainJSON])
  case object([String: PlainJSON])

  /// - Parameter bytes: UTF-8, an object.
  /// - Returns: Its members; nil for anything else.
  package static func members(_ bytes: [UInt8]) -> [String: PlainJSON]? {
    // Foundation would also read UTF-16, which has zero bytes, and a byte order mark.
    guard bytes.first == UInt8(ascii: "{"), !bytes.contains(where: isControl),
      String(validating: bytes, as: UTF8.self) != nil,
      case .object(let members)? = try? JSONDecoder().decode(PlainJSON.self, from: Data(bytes)),
      PlainJSON.object(members).memberCount == colons(in: bytes)
    else { return nil }
    return members
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && !isBlank(byte) }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  /// One for each member that is written, in a text that is well formed; nil where a comma stands
  /// before a closing bracket, which Foundation lets pass.
  private static func colons(in bytes: [UInt8]) -> Int? {
    var count = 0
    var (isInString, isEscaped, isAfterComma) = (false, false, false)
    for byte in bytes where isInString || !isBlank(byte) {
      let isClosing = byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
      if isAfterComma, isClosing { return nil }
      isAfterComma = !isInString && byte == UInt8(ascii: ",")
      switch (byte, isInString) {
      case (_, true) where isEscaped: isEscaped = false
      case (UInt8(ascii: "\\"), true): isEscaped = true
      case (UInt8(ascii: "\""), _): isInString.toggle()
      case (UInt8(ascii: ":"), false): count += 1
      default: break
      }
    }
    return count
  }

  /// One for each member that was read: of two of one name there is one.
  private var memberCount: Int {
    switch self {
    case .null, .bool, .integer, .number, .string: 0
    case .array(let values): values.reduce(0) { $0 + $1.memberCount }
    case .object(let members): members.values.reduce(members.count) { $0 + $1.memberCount }
    }
  }
}

extension PlainJSON: Decodable {
  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let string = try? value.decode(String.self) {
      self = .string(string)
    } else if let integer = try? value.decode(Int64.self) {
      self = .integer(integer)
    } else if let members = try? value.decode([String: PlainJSON].self) {
      self = .object(members)
    } else if let values = try? value.decode([PlainJSON].self) {
      self = .array(values)
    } else {
      _ = try value.decode(Double.self)
      self = .number
    }
  }
}

extension PlainJSON {
  package var string: String? {
    if case .string(let string) = self { string } else { nil }
  }

  /// A string as it stands; a whole number or a truth value as JSON writes it; nil for others.
  package var scalar: String? {
    switch self {
    case .string(let string): string
    case .integer(let integer): "\(integer)"
    case .bool(let bool): "\(bool)"
    case .null, .number, .array, .object: nil
    }
  }
}
