import CanonicalJSON
import Events

/// Opens the vault on its first use: most commands never need a personal value.
///
/// Before anything is read it re-applies the tombstones kept outside, since the files may come from
/// a copy older than an erasure, and sweeps what crashes have left.
final class VaultDoor {
  private let environment: LedgerEnvironment
  private let entries: EntryIndex
  private var vault: Vault?

  init(_ environment: LedgerEnvironment, entries: EntryIndex) {
    self.environment = environment
    self.entries = entries
  }

  /// Needs the writer's lock.
  ///
  /// - Throws: ``LedgerError/vaultLocked(path:)`` without the vault key, or with another one.
  func open() throws(LedgerError) -> Vault {
    if let vault { return vault }
    let opened = try Vault.opening(environment, access: .writing)
    try opened.makeDurable()
    if let path = environment.secrets.tombstones {
      for subject in try TombstoneFile(path: path).subjects() where try !opened.isErased(subject) {
        try opened.erase(subject, at: environment.time.now())
      }
    }
    try opened.sweep { entry throws(LedgerError) in try entries.position(of: entry) != nil }
    vault = opened
    return opened
  }
}

extension Vault {
  /// Opens both files, without changing either.
  static func opening(
    _ environment: LedgerEnvironment, access: Connection.Access
  ) throws(LedgerError) -> Vault {
    let directory = environment.directory
    guard let key = environment.secrets.vaultKey else {
      throw LedgerError.vaultLocked(path: directory.vaultKeys)
    }
    try directory.checkVault()
    let keys = try Schema.vaultKeys.open(directory.vaultKeys, access: access)
    let values = try Schema.vault.open(directory.vault, access: access)
    return try Vault(
      values,
      keys: try PersonKeys(keys, vaultKey: key, random: environment.random),
      random: environment.random)
  }
}
