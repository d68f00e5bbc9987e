/// Strings by their UTF-8 bytes. `String`'s own `==` and `<` follow canonical equivalence:
/// "é" typed in two ways is one string to them and two to the ledger.
enum UTF8Bytes {
  static func areEqual(_ left: String, _ right: String) -> Bool {
    if left.utf8.count != right.utf8.count { return false }
    return left.utf8.elementsEqual(right.utf8)
  }

  static func areAscending(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  static func hash(_ text: String, into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)  // No string contains it, so concatenations differ.
  }
}
