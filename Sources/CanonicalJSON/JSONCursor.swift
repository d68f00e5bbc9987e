/// A strict reader that hands out one piece at a time and copies nothing: for hot paths, and
/// beneath ``JSONValue/init(parsing:)-(UnsafeRawBufferPointer)``.
///
///     var cursor = JSONCursor(bytes)
///     try cursor.beginObject()
///     while let key = try cursor.nextKey() {
///       switch key {
///       case "size": size = try cursor.readInteger()
///       default: try cursor.skipValue()
///       }
///     }
///     try cursor.finish()
///
/// Everything it passes has been checked, skipped values too, so a text that is read to
/// ``finish()`` without an error is in the profile byte for byte. After an error the cursor is of
/// no further use. What a field must be is the caller's: asking for an integer where a string
/// stands is `unexpectedByte`.
package struct JSONCursor {
  /// What a value is, by its first byte.
  package enum Kind: Hashable, Sendable { case null, bool, integer, string, array, object }

  private let bytes: UnsafeRawBufferPointer
  /// Bytes read so far.
  package private(set) var offset = 0
  /// Open brackets.
  package private(set) var depth = 0
  /// By depth, where the opening quote of that object's last key is; 0 before the first.
  private var lastKeys = SIMD16<UInt32>()

  /// - Parameter bytes: The whole text, at most 4 GiB, unchanged while the cursor is used.
  package init(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count <= Int(UInt32.max), "a text has at most 4 GiB: \(bytes.count) bytes")
    self.bytes = bytes
  }

  /// Throws `trailingBytes` unless everything has been read.
  package func finish() throws(JSONFormError) {
    guard offset == bytes.count else { throw JSONFormError(.trailingBytes, at: offset) }
  }

  /// What stands next, without passing it.
  package func nextKind() throws(JSONFormError) -> Kind {
    switch try peek() {
    case ASCII.openBrace: .object
    case ASCII.openBracket: .array
    case ASCII.quote: .string
    case ASCII.minus, ASCII.zero...ASCII.nine: .integer
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
    case UInt8(ascii: "n"): .null
    default: throw JSONFormError(.unexpectedByte, at: offset)
    }
  }
}

// MARK: Objects and arrays

extension JSONCursor {
  package mutating func beginObject() throws(JSONFormError) {
    try enter(ASCII.openBrace)
    lastKeys[depth - 1] = 0
  }

  /// The next key of the innermost object, whose value must be read or skipped before the next
  /// call; nil when the object has ended, which closes it.
  package mutating func nextKey() throws(JSONFormError) -> JSONText? {
    guard try hasNext(after: ASCII.openBrace, before: ASCII.closeBrace) else { return nil }
    let start = offset
    let end = try JSONKey.end(of: start, in: bytes)
    let previous = Int(lastKeys[depth - 1])
    if previous != 0 { try JSONKey.checkOrder(of: start, after: previous, in: bytes) }
    lastKeys[depth - 1] = UInt32(start)
    offset = end + 1
    try pass(ASCII.colon)
    return JSONText(
      bytes: UnsafeRawBufferPointer(rebasing: bytes[start + 1..<end]), hasEscapes: false)
  }

  package mutating func beginArray() throws(JSONFormError) {
    try enter(ASCII.openBracket)
  }

  /// Whether the innermost array has another element, which must be read or skipped before the
  /// next call; false closes the array.
  package mutating func nextElement() throws(JSONFormError) -> Bool {
    try hasNext(after: ASCII.openBracket, before: ASCII.closeBracket)
  }

  private mutating func enter(_ bracket: UInt8) throws(JSONFormError) {
    guard try peek() == bracket else { throw JSONFormError(.unexpectedByte, at: offset) }
    guard depth < JSONLimits.depth else { throw JSONFormError(.depth, at: offset) }
    depth += 1
    offset += 1
  }

  /// Passes the comma or the closing bracket. No value ends in an opening bracket, so the byte
  /// before tells whether this is the first member.
  @inline(__always)
  private mutating func hasNext(
    after open: UInt8, before close: UInt8
  ) throws(JSONFormError) -> Bool {
    precondition(depth > 0, "nothing is open: begin an object or an array first")
    let isFirst = bytes[offset - 1] == open
    if try peek() == close {
      depth -= 1
      offset += 1
      return false
    }
    if !isFirst { try pass(ASCII.comma) }
    return true
  }
}

// MARK: Values

extension JSONCursor {
  package mutating func readString() throws(JSONFormError) -> JSONText {
    try pass(ASCII.quote)
    let start = offset
    let (hasEscapes, end) = try JSONString.scan(bytes, from: start)
    offset = end + 1
    return JSONText(
      bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end]), hasEscapes: hasEscapes)
  }

  /// An integer within ±(2⁵³−1).
  package mutating func readInteger() throws(JSONFormError) -> Int64 {
    let (value, end) = try JSONNumber.scan(bytes, from: offset)
    offset = end
    return value
  }

  package mutating func readBool() throws(JSONFormError) -> Bool {
    if try peek() == UInt8(ascii: "t") {
      try pass("true")
      return true
    }
    try pass("false")
    return false
  }

  package mutating func readNull() throws(JSONFormError) {
    _ = try peek()
    try pass("null")
  }

  /// Passes one value of any kind, checking it, and returns its bytes: they are its canonical form.
  @discardableResult
  package mutating func skipValue() throws(JSONFormError) -> UnsafeRawBufferPointer {
    let start = offset
    switch try nextKind() {
    case .object:
      try beginObject()
      while try nextKey() != nil { try skipValue() }
    case .array:
      try beginArray()
      while try nextElement() { try skipValue() }
    case .string: _ = try readString()
    case .integer: _ = try readInteger()
    case .bool: _ = try readBool()
    case .null: try readNull()
    }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
  }
}

// MARK: Bytes

extension JSONCursor {
  @inline(__always)
  private func peek() throws(JSONFormError) -> UInt8 {
    guard offset < bytes.count else { throw JSONFormError(.endOfText, at: offset) }
    return bytes[offset]
  }

  @inline(__always)
  private mutating func pass(_ byte: UInt8) throws(JSONFormError) {
    guard try peek() == byte else { throw JSONFormError(.unexpectedByte, at: offset) }
    offset += 1
  }

  private mutating func pass(_ word: StaticString) throws(JSONFormError) {
    for index in 0..<word.utf8CodeUnitCount { try pass(word.utf8Start[index]) }
  }
}
