/// The form of an object's keys: `\$?[A-Za-z0-9_./-]+`, 1 to 160 bytes.
package enum JSONKey {
  package static func isValid(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    guard (1...JSONLimits.keyBytes).contains(key.count) else { return false }
    let plain = key[0] == ASCII.dollar ? key.dropFirst() : key[...]
    return !plain.isEmpty && plain.allSatisfy(ASCII.isKeyByte)
  }

  package static func isValid(_ key: String) -> Bool {
    var key = key
    return key.withUTF8 { isValid($0) }
  }

  /// The offset of the closing quote of the key whose opening quote is at `start`.
  ///
  /// - Throws: `endOfText`, `unexpectedByte` where no quote stands, `keyForm`.
  @inline(__always)
  static func end(
    of start: Int, in bytes: UnsafeRawBufferPointer
  ) throws(JSONFormError) -> Int {
    guard start < bytes.count else { throw JSONFormError(.endOfText, at: start) }
    guard bytes[start] == ASCII.quote else { throw JSONFormError(.unexpectedByte, at: start) }
    var end = start + 1
    if end < bytes.count, bytes[end] == ASCII.dollar { end += 1 }
    let firstPlain = end
    while end < bytes.count, ASCII.isKeyByte(bytes[end]) { end += 1 }
    guard end < bytes.count else { throw JSONFormError(.endOfText, at: end) }
    let count = end - start - 1
    guard bytes[end] == ASCII.quote, end > firstPlain, count <= JSONLimits.keyBytes else {
      throw JSONFormError(.keyForm, at: start)
    }
    return end
  }

  /// Compares two keys by their opening quotes' offsets, up to and with the closing quotes: a
  /// quote sorts before every byte of a key, so a prefix sorts before what it begins.
  ///
  /// - Throws: `keyRepeated`, `keyOrder`, at `start`.
  @inline(__always)
  static func checkOrder(
    of start: Int, after previous: Int, in bytes: UnsafeRawBufferPointer
  ) throws(JSONFormError) {
    var index = 1
    while bytes[previous + index] == bytes[start + index] {
      guard bytes[start + index] != ASCII.quote else {
        throw JSONFormError(.keyRepeated, at: start)
      }
      index += 1
    }
    guard bytes[previous + index] < bytes[start + index] else {
      throw JSONFormError(.keyOrder, at: start)
    }
  }
}
