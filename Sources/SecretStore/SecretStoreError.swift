import Events
import Projections

/// Why a place's secrets were not opened; nothing was changed. It has no value, key or passphrase.
package enum SecretStoreError: Error, Hashable, Sendable {
  /// Why it cannot be read, as a clause.
  case damaged(path: String, String)
  /// It is wrapped for these, and none of them was there.
  case locked(Place, for: [RecipientKind])
  case keyFileDiffers(path: String)
  case passphraseDiffers(Place)
  case ageMissing
  /// What the program said.
  case ageFailed(String)
  /// Moved, altered, or of another key.
  case notAuthentic(SecretName, version: Int, Place)
  /// The ledger names it, and it is not in the file.
  case missing(SecretName, version: Int, path: String)
  /// Somebody else has changed who can open them in between.
  case keyReplaced(Place)
}

extension SecretStoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .damaged(let path, let clause):
      """
      No secret was opened: \(path) cannot be read: \(clause).
      Put it back from your copy; or set it aside, and set each secret that \
      `stele secret list` names again.
      """
    case .locked(let place, let kinds):
      """
      No secret was opened: those of \(place) open with \(Self.words(kinds)).
      Put the key file back from your copy, or name what opens them with --identity or \
      --passphrase-file: `stele secret recipient list \(place.environment)`
      """
    case .keyFileDiffers(let path):
      """
      No secret was opened: \(path) is another key than they were sealed with.
      Put the file back from your copy of the key ring.
      """
    case .passphraseDiffers(let place):
      """
      No secret was opened: the passphrase is not that of \(place).
      Try again; see what else opens them with `stele secret recipient list \
      \(place.environment)`.
      """
    case .ageMissing:
      """
      No secret was opened or closed: the program age is not there.
      Install it: `apt-get install age`
      """
    case .ageFailed(let said):
      """
      No secret was opened or closed: the program age says: \(said).
      See whether it is the right file with --identity, or the right recipient.
      """
    case .notAuthentic(let name, let version, let place):
      """
      No secret was opened: version \(version) of \(name) in \(place) was altered or moved.
      Set it again: `stele secret set \(place.environment) \(name)`
      """
    case .missing(let name, let version, let path):
      """
      No secret was opened: version \(version) of \(name) is in the ledger and not in \(path).
      Put the file back from your copy, or set the secret again with `stele secret set`.
      """
    case .keyReplaced(let place):
      """
      Nothing was changed: who can open the secrets of \(place) was changed meanwhile.
      Try again.
      """
    }
  }

  private static func words(_ kinds: [RecipientKind]) -> String {
    kinds.map { kind in
      switch kind {
      case .keyFile: "their key file"
      case .passphrase: "a passphrase"
      case .age: "an identity of age"
      }
    }.joined(separator: " or ")
  }
}
