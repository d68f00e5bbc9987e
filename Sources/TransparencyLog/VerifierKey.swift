import CanonicalJSON

/// A public key under the name by which notes know it.
///
/// Its text is `<name>+<8 hexadecimal digits of the keyID>+<Base64 of algorithm and key>`.
package struct VerifierKey: Hashable, Sendable {
  /// What a key's signatures are over; the numbers are C2SP's.
  package enum Algorithm: UInt8, Hashable, Sendable {
    /// Ed25519 over the note's text.
    case ed25519 = 1
    /// Ed25519 over a time and a checkpoint; see ``Cosignature``.
    case cosignature = 4
  }

  package let name: String
  package let algorithm: Algorithm
  /// 32 bytes.
  package let key: [UInt8]
  /// First four bytes of SHA-256(name ‖ 0x0A ‖ algorithm ‖ key), big endian.
  package let keyID: UInt32

  /// - Precondition: `key` has 32 bytes.
  /// - Throws: ``NoteError/name(_:)``.
  package init(
    name: String, algorithm: Algorithm, key: [UInt8], using hasher: some TreeHashing
  ) throws(NoteError) {
    precondition(key.count == 32, "an Ed25519 key has 32 bytes, not \(key.count)")
    guard NoteName.isValid(name) else { throw .name(name) }
    self.name = name
    self.algorithm = algorithm
    self.key = key
    let preimage = Array(name.utf8) + [0x0A, algorithm.rawValue] + key
    keyID = hasher.digest(preimage).withUnsafeBytes { NoteKeyID.value(of: $0) }
  }

  /// Reads ``text``.
  ///
  /// - Throws: ``NoteError/verifierKey(_:)``, ``NoteError/keyAlgorithm(_:)``,
  ///   ``NoteError/keyID(stated:computed:)``, ``NoteError/name(_:)``.
  package init(parsing text: String, using hasher: some TreeHashing) throws(NoteError) {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard
      parts.count == 3, let stated = Hex.decode(String(parts[1])), stated.count == 4,
      let bytes = Base64.decode(String(parts[2])), let number = bytes.first
    else { throw .verifierKey(text) }
    guard let algorithm = Algorithm(rawValue: number) else { throw .keyAlgorithm(number) }
    guard bytes.count == 33 else { throw .verifierKey(text) }
    try self.init(
      name: String(parts[0]), algorithm: algorithm, key: Array(bytes.dropFirst()), using: hasher)
    guard keyID == NoteKeyID.value(of: stated) else {
      throw .keyID(stated: NoteKeyID.value(of: stated), computed: keyID)
    }
  }

  package var text: String {
    "\(name)+\(NoteKeyID.hex(keyID))+\(Base64.encode([algorithm.rawValue] + key))"
  }
}

extension VerifierKey {
  /// This key's signature on `text`, a plain one.
  ///
  /// - Parameter sign: Signs with the private key; 64 bytes of Ed25519.
  /// - Precondition: The algorithm is ``Algorithm/ed25519``.
  package func signature(
    on text: String, signing sign: (_ message: [UInt8]) -> [UInt8]
  ) -> NoteSignature {
    precondition(algorithm == .ed25519, "'\(name)' cosigns: see Cosignature")
    return NoteSignature(name: name, keyID: keyID, blob: sign(Array(text.utf8)))
  }

  func made(_ signature: NoteSignature) -> Bool {
    signature.keyID == keyID && signature.name.utf8.elementsEqual(name.utf8)
  }
}
