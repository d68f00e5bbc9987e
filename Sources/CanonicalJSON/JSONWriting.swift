extension JSONValue {
  /// The one spelling of this value.
  ///
  /// - Throws: What in it is outside the profile (an integer beyond ±(2⁵³−1), U+0000 or U+FEFF in
  ///   a string, a key of another form, a seventeenth bracket), at the byte where it would stand.
  package func canonicalBytes() throws(JSONFormError) -> [UInt8] {
    var writer = JSONWriter()
    try writer.value(self)
    return writer.bytes
  }

  package func canonicalText() throws(JSONFormError) -> String {
    String(decoding: try canonicalBytes(), as: UTF8.self)
  }
}

extension JSONObject {
  package func canonicalBytes() throws(JSONFormError) -> [UInt8] {
    try JSONValue.object(self).canonicalBytes()
  }
}
