import CanonicalJSON

/// One signature under a note: whose it says it is, and its bytes, not yet checked.
package struct NoteSignature: Hashable, Sendable {
  package let name: String
  package let keyID: UInt32
  /// What the key's algorithm makes of it: 64 bytes of Ed25519, or a time before them.
  package let blob: [UInt8]

  /// - Precondition: `name` is a name, and `blob` is not empty.
  package init(name: String, keyID: UInt32, blob: [UInt8]) {
    precondition(NoteName.isValid(name), "not a name for a key: \(name)")
    precondition(!blob.isEmpty, "a signature has bytes")
    self.name = name
    self.keyID = keyID
    self.blob = blob
  }

  /// Nil unless it is `— NAME BASE64` with more than a key's ID.
  init?(line: Substring) {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false)
    guard
      parts.count == 3, parts[0] == "\u{2014}", NoteName.isValid(String(parts[1])),
      let bytes = Base64.decode(String(parts[2])), bytes.count > 4
    else { return nil }
    self.init(
      name: String(parts[1]), keyID: NoteKeyID.value(of: bytes), blob: Array(bytes.dropFirst(4)))
  }

  /// Without its line feed.
  var line: String {
    "\u{2014} \(name) \(Base64.encode(NoteKeyID.bytes(keyID) + blob))"
  }
}
