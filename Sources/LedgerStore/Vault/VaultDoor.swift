import CanonicalJSON
import Events

/// Opens the vault on its first use: most commands never need a personal value.
///
/// Before anything is read it re-applies the tombstones kept outside, since the files may come from
/// a copy older than an erasure; what only the ledger says is erased by a restore, which verifies
/// it, and keeps everybody from sealing until then. What crashes have left is swept after the first
/// commit.
final class VaultDoor {
  private let environment: LedgerEnvironment
  private let entries: EntryIndex
  private let ledger: Connection
  private var vault: Vault?
  /// Whether its files were found to have what was sealed last.
  private var isWhole = false
  private var hasSwept = false

  init(_ environment: LedgerEnvironment, entries: EntryIndex, ledger: Connection) {
    self.environment = environment
    self.ledger = ledger
    self.entries = entries
  }

  /// For what is to be sealed. Needs the writer's lock.
  ///
  /// The first time in a process it is held against what the ledger has sealed last: a log that is
  /// missing, damaged or another one's takes values back that nobody erased, and says nothing.
  ///
  /// - Throws: As ``open()``; ``LedgerError/vaultBehind(path:position:)`` where its files have lost
  ///   what was sealed before; ``LedgerError/erasureUndone(path:people:)``.
  func openToSeal() throws(LedgerError) -> Vault {
    let opened = try open()
    if !isWhole {
      try VaultEvidence(
        ledger, path: environment.directory.vault, environment.secrets
      ).check(opened)
      try LedgerInspection(environment.directory).checkErasures()
      isWhole = true
    }
    return opened
  }

  /// Stores what is to be committed to. Needs the writer's lock.
  ///
  /// - Throws: As ``openToSeal()``; ``LedgerError/vaultBehind(path:position:)`` where the key of
  ///   somebody is gone whose values are here: a new one would lose them.
  func store(_ sealings: [Sealing]) throws(LedgerError) {
    guard !sealings.isEmpty else { return }
    let opened = try openToSeal()
    for subject in Set(sealings.map(\.value.subject)) {
      let given = try environment.secrets.givenUp?.entries() ?? RangeSet()
      for entry in try opened.orphans(of: subject) {
        guard let position = try entries.position(of: entry), !given.contains(position) else {
          continue
        }
        throw LedgerError.vaultBehind(path: environment.directory.vaultKeys, position: position)
      }
    }
    try opened.store(sealings)
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
    vault = opened
    return opened
  }

  /// Remembers what the ledger has committed, and sweeps, the first time. Needs the writer's lock.
  ///
  /// Not before: somebody else's commit whose sync failed stands in the ledger's log, unseen, until
  /// the next one is written over it. Were all processes to die before, it would be an entry, and
  /// needs its values. A sweep that fails has lost nothing and is tried again.
  ///
  /// - Throws: ``LedgerError/database(path:code:message:)`` when a sync failed.
  func noteCommitted(_ sealings: [Sealing]) throws(LedgerError) {
    guard let vault, !sealings.isEmpty else { return }
    vault.noteCommitted(sealings)
    guard !hasSwept else { return }
    do throws(LedgerError) {
      try vault.sweep { entry throws(LedgerError) in try entries.position(of: entry) != nil }
      hasSwept = true
    } catch {
      if error.isFailedSync { throw error }
    }
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
