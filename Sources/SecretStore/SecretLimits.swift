/// How much of what there may be.
package enum SecretLimits {
  /// Of one value; a chain of certificates with its key has a tenth of it.
  package static let valueBytes = 65_536
  /// Names in one place: a process may get them all.
  package static let namesPerPlace = 200
  /// Versions of one name that a rollback may bring back; older ones are retired by a rotation.
  package static let versionsKept = 20
  /// Of a passphrase; shorter ones are guessed at whatever scrypt makes a guess cost.
  package static let passphraseBytes = 12...1_024
}
