import Events
import Projections
import SecretStore

/// Why secrets were not changed; the ledger and the store are as they were.
package enum SecretError: ExitingError, Equatable {
  case empty
  case tooLong(bytes: Int)
  case unknown(SecretName, EnvironmentName)
  /// A rotation to what is there already.
  case same(SecretName, EnvironmentName)
  case tooMany(EnvironmentName)
  case tooManyVersions(SecretName, EnvironmentName)
  case passphraseMissing(Place)
  case passphraseLength(Int)
  /// Why it was not read, as a clause.
  case passphraseFile(path: String, String)
  /// Why it was not used, as a clause.
  case identityFile(path: String, String)
  case vaultKeyMissing(path: String)
  case recipientKnown(String, EnvironmentName)
  case recipientUnknown(String, EnvironmentName)
  case lastRecipient(EnvironmentName)

  package var exitStatus: ExitStatus {
    switch self {
    case .empty, .tooLong, .unknown, .same, .tooMany, .tooManyVersions, .recipientKnown,
      .recipientUnknown, .lastRecipient, .passphraseLength:
      .badData
    case .passphraseMissing: .usage
    case .vaultKeyMissing, .passphraseFile, .identityFile: .noPermission
    }
  }

  package var description: String {
    switch self {
    case .empty:
      """
      No secret was set: the value is empty.
      Give it on standard input: `stele secret set staging NAME < FILE`
      """
    case .tooLong(let bytes):
      """
      No secret was set: the value has \(bytes) bytes or more, and one may have \
      \(SecretLimits.valueBytes).
      Keep what is larger elsewhere, and the key to it here.
      """
    case .unknown(let name, let environment):
      """
      Nothing was changed: \(environment) has no secret \(name).
      See those there are with `stele secret list \(environment)`.
      """
    case .same(let name, let environment):
      """
      Nothing was rotated: the value is the one that \(name) of \(environment) has already.
      Make a new one where it is used, and give that.
      """
    case .tooMany(let environment):
      """
      No secret was set: \(environment) has \(SecretLimits.namesPerPlace), which is as many as \
      there can be.
      Remove one that nothing uses: `stele secret list \(environment)`
      """
    case .tooManyVersions(let name, let environment):
      """
      No secret was set: \(name) of \(environment) has \(SecretLimits.versionsKept) versions that \
      a rollback may bring back.
      Retire them with `stele secret rotate \(environment) \(name)`.
      """
    case .passphraseMissing(let place):
      """
      Nothing was changed: \(place.environment) is to open with a passphrase, and none was given.
      Run it on a terminal, or name a file with --passphrase-file.
      """
    case .passphraseLength(let bytes):
      """
      Nothing was changed: the passphrase has \(bytes) bytes, and one has \
      \(SecretLimits.passphraseBytes.lowerBound) to \(SecretLimits.passphraseBytes.upperBound).
      Take five words that nobody would expect together.
      """
    case .passphraseFile(let path, let clause):
      """
      Nothing was changed: no passphrase was read from \(path): \(clause).
      Only you may be able to read it: `chmod 600 \(path)`
      """
    case .identityFile(let path, let clause):
      """
      Nothing was changed: no key of age was taken from \(path): \(clause).
      Only you may be able to read it: `chmod 600 \(path)`
      """
    case .vaultKeyMissing(let path):
      """
      Nothing was changed: \(path) is not there, and proves which values are the same.
      Put it back from your copy of the key ring.
      """
    case .recipientKnown(let text, let environment):
      """
      Nothing was changed: \(text) opens the secrets of \(environment) already.
      See who does with `stele secret recipient list \(environment)`.
      """
    case .recipientUnknown(let text, let environment):
      """
      Nothing was changed: \(text) does not open the secrets of \(environment).
      See who does with `stele secret recipient list \(environment)`.
      """
    case .lastRecipient(let environment):
      """
      Nothing was changed: nobody else could open the secrets of \(environment) then.
      Add another recipient first: `stele secret recipient add \(environment) RECIPIENT`
      """
    }
  }
}

extension SecretStoreError: ExitingError {
  package var exitStatus: ExitStatus {
    switch self {
    case .damaged, .notAuthentic, .missing: .integrity
    case .locked, .keyFileDiffers, .passphraseDiffers: .noPermission
    case .ageMissing, .ageFailed: .unavailable
    case .keyReplaced: .tryAgain
    }
  }
}
