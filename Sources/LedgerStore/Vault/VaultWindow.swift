import CanonicalJSON
import Cryptography
import Events

/// Reads the vault without changing it: opened on the first question.
///
/// Who stands in the tombstone file, or is recorded as erased, is so even when the vault comes from
/// an older copy.
final class VaultWindow {
  private let environment: LedgerEnvironment
  private var vault: Vault?

  init(_ environment: LedgerEnvironment) { self.environment = environment }

  /// The value at `pointer` of event `index` in `entry`.
  ///
  /// - Throws: ``LedgerError/vaultLocked(path:)``; ``LedgerError/notSealed(position:pointer:)``
  /// when
  ///   nothing sealed stands there; ``LedgerError/sealedDiffers(position:pointer:)`` when it opens
  ///   and is not what the body commits to.
  func reveal(
    _ entry: StoredEntry, index: Int, pointer: String
  ) throws -> Revealed {
    let header = try EntryHeader(parsing: entry.header)
    let place = try Self.place(in: entry, index: index, pointer: pointer)
    let vault = try opened()
    if try isErased(place.sealed.subject, in: vault) { return .erased(place.sealed.subject) }
    guard
      let plaintext = try vault.open(place, of: header.entry, origin: header.ledger),
      plaintext.count > Sealed.saltBytes
    else { return .missing }
    let value = SealedValue(
      subject: place.sealed.subject, salt: Array(plaintext.prefix(Sealed.saltBytes)),
      value: Array(plaintext.dropFirst(Sealed.saltBytes)))
    guard value.sealed == place.sealed else {
      throw LedgerError.sealedDiffers(position: entry.position, pointer: pointer)
    }
    return .value(try JSONValue(parsing: value.value))
  }

  private static func place(
    in entry: StoredEntry, index: Int, pointer: String
  ) throws -> SealedPlace {
    let data = try entry.body.map { try EntryBody(parsing: $0).data } ?? []
    guard
      let place = SealedPlace.all(in: data).first(where: {
        $0.index == index && $0.pointer == pointer
      })
    else { throw LedgerError.notSealed(position: entry.position, pointer: pointer) }
    return place
  }

  private func isErased(_ subject: SubjectID, in vault: Vault) throws(LedgerError) -> Bool {
    if try vault.isErased(subject) { return true }
    let ledger = try Connection(path: environment.directory.database, access: .reading)
    if try ledger.recordedErasures().contains(subject) { return true }
    guard let path = environment.secrets.tombstones else { return false }
    return try TombstoneFile(path: path).subjects().contains(subject)
  }

  private func opened() throws(LedgerError) -> Vault {
    if let vault { return vault }
    let opened = try Vault.opening(environment, access: .reading)
    vault = opened
    return opened
  }
}
