import CanonicalJSON

/// RFC 7515 §2: base64url without padding, in its one canonical spelling.
package enum Base64URL {
  /// The bytes, or nil for another alphabet, padding, or bits after the last byte that are not 0.
  package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    var standard: [UInt8] = []
    standard.reserveCapacity(text.count + 2)
    for digit in text {
      switch digit {
      case UInt8(ascii: "-"): standard.append(UInt8(ascii: "+"))
      case UInt8(ascii: "_"): standard.append(UInt8(ascii: "/"))
      case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
      default: standard.append(digit)
      }
    }
    let padding = (4 - standard.count % 4) % 4
    guard padding < 3 else { return nil }
    standard += [UInt8](repeating: UInt8(ascii: "="), count: padding)
    return standard.withUnsafeBytes { Base64.decode($0) }
  }
}
