extension JSONValue {
  /// The one value that `bytes` spell.
  ///
  /// `null` and keys with `$` are accepted anywhere: where they may stand is the business of
  /// whoever knows which part of an entry this is.
  ///
  /// - Throws: The first departure from the profile. Reading `{"b":1,"a":2}` throws
  ///   `keyOrder` at byte 7.
  /// - Complexity: O(bytes), one pass.
  package init(parsing bytes: UnsafeRawBufferPointer) throws(JSONFormError) {
    var cursor = JSONCursor(bytes)
    self = try cursor.readValue()
    try cursor.finish()
  }

  package init(parsing bytes: [UInt8]) throws(JSONFormError) {
    self = try bytes.withUnsafeBufferPointer { (bytes) throws(JSONFormError) in
      try JSONValue(parsing: UnsafeRawBufferPointer(bytes))
    }
  }

  package init(parsing bytes: some Collection<UInt8>) throws(JSONFormError) {
    try self.init(parsing: Array(bytes))
  }

  package init(parsing text: String) throws(JSONFormError) {
    try self.init(parsing: Array(text.utf8))
  }
}

extension JSONCursor {
  /// The next value, copied out of the buffer.
  package mutating func readValue() throws(JSONFormError) -> JSONValue {
    switch try nextKind() {
    case .object: .object(try readObject())
    case .array: .array(try readArray())
    case .string: .string(try readString().string)
    case .integer: .integer(try readInteger())
    case .bool: .bool(try readBool())
    case .null: try readNullValue()
    }
  }

  package mutating func readObject() throws(JSONFormError) -> JSONObject {
    var object = JSONObject()
    try beginObject()
    while let key = try nextKey() { object.append(try readValue(), for: key.string) }
    return object
  }

  private mutating func readArray() throws(JSONFormError) -> [JSONValue] {
    var array: [JSONValue] = []
    try beginArray()
    while try nextElement() { array.append(try readValue()) }
    return array
  }

  private mutating func readNullValue() throws(JSONFormError) -> JSONValue {
    try readNull()
    return .null
  }
}
