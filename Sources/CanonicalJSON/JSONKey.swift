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
}
