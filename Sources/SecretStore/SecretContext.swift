import CanonicalJSON
import Cryptography
import Events
import Projections

/// What everything sealed of a place is bound to: the ledger, whichever incarnation, and the place.
package struct SecretContext: Hashable, Sendable {
  let log: UUIDBits
  package let place: Place

  package init(_ origin: Origin, _ place: Place) {
    log = origin.log
    self.place = place
  }

  /// `label` ‖ 0 ‖ log ‖ 0 ‖ place ‖ 0 ‖ each of `parts` with a 0 between.
  func bytes(_ label: StaticString, _ parts: String...) -> [UInt8] {
    Array(([label.description, log.text, "\(place)"] + parts).joined(separator: "\0").utf8)
  }
}

/// HMACs by which the ledger tells values and recipients apart without knowing them: the same in
/// all places of a ledger, so that what is in two of them shows.
package struct SecretCodes: Sendable {
  private let values: SecretBytes
  private let recipients: SecretBytes
  private let log: UUIDBits

  /// - Parameter vaultKey: 32 bytes; whoever has them can test guesses of a value, so short values
  ///   are as safe as this key.
  package init(vaultKey: [UInt8], _ origin: Origin) {
    values = SecretBytes(hmacSHA256(Array("stele/secret-value/v1".utf8), key: vaultKey))
    recipients = SecretBytes(hmacSHA256(Array("stele/secret-recipient/v1".utf8), key: vaultKey))
    log = origin.log
  }

  package func code(of value: SecretBytes) -> Digest {
    Digest(bytes: values.read { key in value.read { hmacSHA256($0, key: key) } })
  }

  func recipient(_ kind: RecipientKind, _ bytes: [UInt8]) -> SecretRecipient {
    let said = Array(kind.rawValue.utf8) + [0] + bytes
    return SecretRecipient(
      kind, hmac: Digest(bytes: recipients.read { hmacSHA256(said, key: $0) }))
  }

  /// The same passphrase gives the same bytes in all places of a ledger, or nobody could see that
  /// it opens two of them; whoever guesses at one file guesses at three, and pays for each guess.
  func stretched(_ passphrase: SecretBytes) -> SecretBytes {
    let salt = SHA256.hash(Array("stele/secret-passphrase/v1\0\(log.text)".utf8))
    return SecretBytes(
      passphrase.read {
        Scrypt.derive(SealedBox.keyByteCount, from: $0, salt: salt, work: .passphrase)
      })
  }
}
