/// Ed25519 by somebody's library: whether `signature` (64 bytes) is over `message` by `key` (32).
package typealias SignatureCheck = (
  _ key: [UInt8], _ signature: [UInt8], _ message: [UInt8]
) -> Bool

extension SignedNote {
  /// One known key's signature, found good.
  package struct Verified: Hashable, Sendable {
    package let key: VerifierKey
    /// When a witness says it saw the checkpoint, seconds since 1970; nil for a plain signature.
    package let time: Int64?
  }

  /// Which of `keys` have signed this note, in the note's order, each once.
  ///
  /// Signatures by unknown keys are ignored; one wrong signature by a known key refuses the note,
  /// since something is amiss with it.
  ///
  /// - Throws: ``NoteError/ambiguousKey(name:)``, ``NoteError/wrongSignature(name:)``.
  package func signers(
    among keys: [VerifierKey], checking isValid: SignatureCheck
  ) throws(NoteError) -> [Verified] {
    var verified: [Verified] = []
    for signature in signatures {
      let known = keys.filter { $0.made(signature) }
      guard let key = known.first else { continue }
      guard known.allSatisfy({ $0 == key }) else { throw .ambiguousKey(name: key.name) }
      let found = try check(signature, by: key, checking: isValid)
      if !verified.contains(where: { $0.key == key }) { verified.append(found) }
    }
    return verified
  }

  /// Requires that `key` has signed this note.
  ///
  /// - Throws: ``NoteError/notSigned(by:)``, ``NoteError/wrongSignature(name:)``.
  package func requireSignature(
    by key: VerifierKey, checking isValid: SignatureCheck
  ) throws(NoteError) {
    guard try !signers(among: [key], checking: isValid).isEmpty else {
      throw .notSigned(by: key.name)
    }
  }

  private func check(
    _ signature: NoteSignature, by key: VerifierKey, checking isValid: SignatureCheck
  ) throws(NoteError) -> Verified {
    switch key.algorithm {
    case .ed25519:
      guard signature.blob.count == 64, isValid(key.key, signature.blob, message) else {
        throw .wrongSignature(name: key.name)
      }
      return Verified(key: key, time: nil)
    case .cosignature:
      guard let cosignature = Cosignature(blob: signature.blob),
        isValid(key.key, cosignature.signature, cosignature.message(on: text))
      else { throw .wrongSignature(name: key.name) }
      return Verified(key: key, time: cosignature.time)
    }
  }
}
