/// Appends canonical JSON to one growing buffer, which is reused from text to text.
///
///     writer.beginObject()
///     writer.key("at")
///     try writer.string(time)
///     writer.key("size")
///     try writer.integer(7)
///     writer.endObject()
///
/// Commas and quotes are the writer's. Keys must come ascending: another order, an unbalanced
/// bracket or a key outside the profile in code is our own bug, and stops the program. Values that
/// come from outside are checked and throw.
package struct JSONWriter {
  /// What has been written, prefix included.
  package private(set) var bytes: [UInt8] = []
  /// Where the text begins: after the prefix, if there is one.
  private var start = 0
  private var depth = 0
  /// By depth, where the opening quote of that object's last key is; 0 before the first.
  private var lastKeys = SIMD16<UInt32>()

  package init(reservingBytes capacity: Int = 1024) {
    bytes.reserveCapacity(capacity)
  }

  /// Starts a new text in the same memory, after `prefix` (a domain separator that is hashed
  /// with it, say). Also what makes the writer usable again after an error.
  package mutating func restart(after prefix: StaticString = "") {
    depth = 0
    bytes.removeAll(keepingCapacity: true)
    append(prefix)
    start = bytes.count
  }
}

// MARK: Objects and arrays

extension JSONWriter {
  package mutating func beginObject() { enter(ASCII.openBrace) }
  package mutating func endObject() { leave(ASCII.closeBrace) }
  package mutating func beginArray() { enter(ASCII.openBracket) }
  package mutating func endArray() { leave(ASCII.closeBracket) }

  /// - Precondition: `key` is in the profile and sorts after the object's last.
  package mutating func key(_ key: StaticString) {
    key.withUTF8Buffer { key in
      precondition(JSONKey.isValid(key), "not a key: \(String(decoding: key, as: UTF8.self))")
      write(key: key)
    }
  }

  /// A key that is data, a stream's name for instance.
  ///
  /// - Precondition: It sorts after the object's last.
  /// - Throws: `keyForm` at the offset where it would stand.
  package mutating func key(checking key: String) throws(JSONFormError) {
    guard JSONKey.isValid(key) else { throw JSONFormError(.keyForm, at: nextOffset) }
    var key = key
    key.withUTF8 { write(key: $0) }
  }

  private mutating func write(key: UnsafeBufferPointer<UInt8>) {
    separate()
    checkOrder(of: key)
    lastKeys[depth - 1] = UInt32(bytes.count)
    bytes.append(ASCII.quote)
    bytes.append(contentsOf: key)
    bytes.append(ASCII.quote)
    bytes.append(ASCII.colon)
  }

  private func checkOrder(of key: UnsafeBufferPointer<UInt8>) {
    precondition(depth > 0, "a key stands in an object")
    let previous = Int(lastKeys[depth - 1])
    guard previous != 0 else { return }
    let isAscending = bytes[(previous + 1)...].prefix { $0 != ASCII.quote }
      .lexicographicallyPrecedes(key)
    precondition(isAscending, "out of order: \(String(decoding: key, as: UTF8.self))")
  }

  private mutating func enter(_ bracket: UInt8) {
    precondition(depth < JSONLimits.depth, "more than \(JSONLimits.depth) brackets are open")
    separate()
    bytes.append(bracket)
    lastKeys[depth] = 0
    depth += 1
  }

  private mutating func leave(_ bracket: UInt8) {
    precondition(depth > 0, "no bracket is open")
    bytes.append(bracket)
    depth -= 1
  }
}

// MARK: Values

extension JSONWriter {
  package mutating func null() {
    separate()
    append("null")
  }

  package mutating func bool(_ value: Bool) {
    separate()
    append(value ? "true" : "false")
  }

  /// - Throws: `numberRange` outside ±(2⁵³−1).
  package mutating func integer(_ value: Int64) throws(JSONFormError) {
    guard value.magnitude <= UInt64(JSONLimits.integerMagnitude) else {
      throw JSONFormError(.numberRange, at: nextOffset)
    }
    separate()
    JSONNumber.append(value, to: &bytes)
  }

  /// - Throws: `forbiddenCharacter` when it contains U+0000 or U+FEFF.
  package mutating func string(_ text: String) throws(JSONFormError) {
    separate()
    bytes.append(ASCII.quote)
    var text = text
    let isWhole = text.withUTF8 { JSONString.append(UnsafeRawBufferPointer($0), to: &bytes) }
    guard isWhole else { throw JSONFormError(.forbiddenCharacter, at: bytes.count - start) }
    bytes.append(ASCII.quote)
  }

  /// The lower-case hexadecimal of `binary`, as a string.
  package mutating func hex(_ binary: UnsafeRawBufferPointer) {
    separate()
    bytes.append(ASCII.quote)
    for byte in binary {
      bytes.append(Hex.digit(byte >> 4))
      bytes.append(Hex.digit(byte & 0x0F))
    }
    bytes.append(ASCII.quote)
  }

  package mutating func hex(_ digest: Digest) {
    digest.withUnsafeBytes { hex($0) }
  }

  /// The Base64 of `binary`, as a string.
  package mutating func base64(_ binary: UnsafeRawBufferPointer) {
    separate()
    bytes.append(ASCII.quote)
    Base64.encode(binary, into: &bytes)
    bytes.append(ASCII.quote)
  }

  package mutating func base64(_ binary: [UInt8]) {
    binary.withUnsafeBytes { base64($0) }
  }

  /// Bytes that are a value in canonical form already: taken from a text that has been read.
  package mutating func canonical(_ value: UnsafeRawBufferPointer) {
    separate()
    bytes.append(contentsOf: value)
  }

  /// - Throws: Whatever in it is outside the profile.
  package mutating func value(_ value: JSONValue) throws(JSONFormError) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .integer(let value): try integer(value)
    case .string(let value): try string(value)
    case .array(let values): try array(values)
    case .object(let members): try object(members)
    }
  }

  package mutating func object(_ members: JSONObject) throws(JSONFormError) {
    try checkDepth()
    beginObject()
    for (key, value) in members {
      try self.key(checking: key)
      try self.value(value)
    }
    endObject()
  }

  private mutating func array(_ values: [JSONValue]) throws(JSONFormError) {
    try checkDepth()
    beginArray()
    for value in values { try self.value(value) }
    endArray()
  }

  private func checkDepth() throws(JSONFormError) {
    guard depth < JSONLimits.depth else { throw JSONFormError(.depth, at: nextOffset) }
  }
}

// MARK: Bytes

extension JSONWriter {
  /// A comma, unless this is the first thing in its bracket or after its key. No value ends in
  /// one of those three bytes.
  @inline(__always)
  private mutating func separate() {
    if needsComma { bytes.append(ASCII.comma) }
  }

  private var needsComma: Bool {
    guard bytes.count > start, let last = bytes.last else { return false }
    return last != ASCII.openBrace && last != ASCII.openBracket && last != ASCII.colon
  }

  /// Where the next key or value starts, from the start of the text.
  private var nextOffset: Int { bytes.count - start + (needsComma ? 1 : 0) }

  private mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }
}
