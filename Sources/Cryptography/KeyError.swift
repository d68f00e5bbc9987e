/// Why bytes are not a key that can be used here. Never quotes them.
package enum KeyError: Error, Hashable, Sendable {
  /// A raw Ed25519 key or seed has 32 bytes.
  case wrongLength(byteCount: Int)
  /// Not the 44 bytes of an Ed25519 SubjectPublicKeyInfo (RFC 8410 §4).
  case notAnEd25519SPKI
  /// Not one unencrypted private key in PEM.
  case notAPrivateKeyPEM
  /// A private key of another algorithm.
  case notEd25519
  /// y ≥ p: a second spelling of another key.
  case notCanonical
  /// One of the eight points that are nobody's key.
  case smallOrder
}

extension KeyError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .wrongLength(let byteCount):
      "No key was read: a raw Ed25519 key has 32 bytes, this has \(byteCount)."
    case .notAnEd25519SPKI:
      """
      No key was read: these are not the 44 bytes of an Ed25519 SubjectPublicKeyInfo. \
      `openssl pkey -in KEY -pubout -outform DER` writes them.
      """
    case .notAPrivateKeyPEM:
      """
      No key was read: this is not an unencrypted private key in PEM. \
      `openssl pkey -in KEY -noout` says whether it is one; `openssl genpkey -algorithm ed25519` \
      makes one.
      """
    case .notEd25519:
      """
      No key was read: it is of another algorithm than Ed25519. \
      `openssl genpkey -algorithm ed25519` makes one that can be used.
      """
    case .notCanonical:
      "No key was read: its y is not below 2^255-19, so it is a second spelling of another key."
    case .smallOrder:
      "No key was read: it is a point of small order, whose signatures anybody can make."
    }
  }
}
