import CanonicalJSON
import Events

/// A public key of the program age: `age1…`, in Bech32.
///
/// Only its letters are looked at here; age itself refuses one that is no key.
package struct AgeRecipient: Hashable, Sendable {
  package let text: String

  package init?(_ text: String) {
    let digits = text.utf8.dropFirst(Self.prefix.utf8.count)
    guard text.hasPrefix(Self.prefix), digits.count == Self.digitCount,
      digits.allSatisfy(Self.alphabet.contains)
    else { return nil }
    self.text = text
  }

  private static let prefix = "age1"
  /// 32 bytes and a check sum, five bits each.
  private static let digitCount = 58
  private static let alphabet = Set("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
}

extension AgeRecipient: TextValue {
  package static let expected = "a recipient of age"
  package init?(dataText: String) { self.init(dataText) }
  package var dataText: String { text }
}
