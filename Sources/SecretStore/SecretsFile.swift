import CanonicalJSON
import Events
import Foundation
import LedgerStore
import Projections

/// Where a place's secrets are: `.stele/secrets/APPLICATION.ENVIRONMENT.json`, mode 0600.
///
/// Trusted for nothing but to be there: every value is authentic or does not open, and which
/// versions count only the ledger says. Whoever deletes it has deleted the values.
package struct SecretsFile: Sendable {
  package let path: String
  private let place: Place

  /// - Parameter directory: The ledger's.
  package init(_ place: Place, in directory: String) {
    path = "\(directory)/secrets/\(place).json"
    self.place = place
  }

  /// Nil where nothing was ever set.
  ///
  /// - Throws: ``SecretStoreError/damaged(path:_:)``; `LedgerError` when it cannot be read, or
  ///   others can.
  package func read() throws -> SealedSecrets? {
    guard let text = try StateFile(path).text() else { return nil }
    do {
      try SecretFile.check(path)
      let sealed = try SealedSecrets(json: JSONValue(parsing: text))
      guard sealed.place == place else {
        throw SecretStoreError.damaged(path: path, "it is \(sealed.place)'s")
      }
      return sealed
    } catch let error as JSONFormError {
      throw SecretStoreError.damaged(path: path, "at byte \(error.offset) it is no canonical JSON")
    } catch let error as FormFault {
      throw SecretStoreError.damaged(path: path, "\(error)")
    }
  }

  fileprivate func remove() { unlink(path) }

  /// Runs `work` as the only one who changes the file; others wait for ten seconds.
  ///
  /// Held from before the value is written until its entry is recorded, so that of two who set the
  /// same name the second takes the next version.
  package func changing<Result>(_ work: (SecretsChange) throws -> Result) throws -> Result {
    try LedgerDirectory.makePath(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
    return try LockedFile.holding(path + ".lock") { _ in try work(SecretsChange(file: self)) }
  }
}

/// The right to change a place's file, while it is held.
package struct SecretsChange {
  fileprivate let file: SecretsFile

  package func read() throws -> SealedSecrets? { try file.read() }

  /// Commit point: the rename in the directory, synced. A crash before it leaves the old file.
  package func replace(with sealed: SealedSecrets) throws {
    try StateFile(file.path).replace(with: sealed.json.canonicalText())
  }

  /// Puts back what was there before a change that nobody recorded; as good as it gets, since the
  /// ledger does not know the version that may stay.
  package func restore(_ sealed: SealedSecrets?) {
    guard let sealed else { return file.remove() }
    try? replace(with: sealed)
  }
}
