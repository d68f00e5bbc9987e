import CanonicalJSON
import Events

/// Bytes that are sealed, in base64: a box of AES-256-GCM, or a file of age.
package struct SealedBytes: Hashable, Sendable {
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }
}

extension SealedBytes: TextValue {
  package static let expected = "padded base64"

  package init?(dataText: String) {
    guard let bytes = Base64.decode(dataText) else { return nil }
    self.bytes = bytes
  }

  package var dataText: String { Base64.encode(bytes) }
}
