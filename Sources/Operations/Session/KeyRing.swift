import Cryptography
import Foundation
import LedgerStore
import Projections

/// The private keys that this machine keeps for one ledger, outside the ledger's directory.
///
/// Trusted for everything that is signed: whoever reads a key here can sign as its owner. In file
/// mode the log's key is here too, so the owner of these files is one trust domain with the ledger.
package struct KeyRing: Sendable, Equatable {
  /// `$XDG_CONFIG_HOME/stele/keys/<the log's UUID>`.
  package let directory: String

  /// Names of the files, without `.pem`.
  package enum Name: String, Sendable, CaseIterable {
    /// Signs checkpoints.
    case log
    /// Signs what Stele itself records: decisions, steps, health.
    case service
    /// Signs keys and grants.
    case administrator
    /// Signs what a person does: builds, configurations, deployments.
    case actor
    /// Replaces what is lost; belongs on another machine.
    case recovery
  }

  /// - Parameter log: The UUID in the ledger's origin.
  /// - Parameter variables: `XDG_CONFIG_HOME`, or else `HOME`.
  package init(log: String, variables: [String: String]) {
    directory = Self.base("XDG_CONFIG_HOME", ".config", variables) + "/stele/keys/" + log
  }

  package init(directory: String) { self.directory = directory }

  package func path(_ name: Name) -> String { directory + "/" + name.rawValue + ".pem" }

  /// Where recovery keys are until they are moved to other machines: `recovery.pem`, then
  /// `recovery-2.pem` and on.
  package var recoveryPaths: [String] {
    (1...RecoveryPlan.keysMax).map {
      $0 == 1 ? path(.recovery) : directory + "/recovery-\($0).pem"
    }
  }

  /// Opens people's keys in the vault.
  package var vaultKey: String { directory + "/vault.key" }
  /// Proves that a snapshot was made here.
  package var snapshotKey: String { directory + "/snapshot.key" }
  /// Opens a place's secrets, where they are wrapped for a key file.
  package func secretsKey(_ place: Place) -> String { "\(directory)/secrets/\(place).key" }
  /// Who was erased: outlives every copy of the vault.
  package var tombstones: String { directory + "/tombstones" }
  /// Which sealed values a restore has given up.
  var givenUp: GivenUpFile { GivenUpFile(path: directory + "/given-up") }

  /// What opens people's keys; nil where this machine has no such file.
  ///
  /// - Throws: `LedgerError`: it is there, and cannot be read or is not safe to use.
  func vaultSecret() throws(LedgerError) -> [UInt8]? { try secret(vaultKey) }

  /// What proves snapshots; nil where this machine has no such file.
  ///
  /// - Throws: As ``vaultSecret()``.
  func snapshotSecret() throws(LedgerError) -> [UInt8]? { try secret(snapshotKey) }

  private func secret(_ path: String) throws(LedgerError) -> [UInt8]? {
    do {
      return try SecretFile.read(path)
    } catch {
      guard case .notFound = error else { throw error }
      return nil
    }
  }

  /// - Throws: `KeyFileError` when it is missing, somebody else's, or readable by others.
  package func key(_ name: Name) throws -> SigningKey { try KeyFile.read(path(name)) }

  /// Makes the directory, for its owner alone.
  ///
  /// - Throws: `LedgerError`.
  package func create() throws(LedgerError) { try LedgerDirectory.makePath(directory) }

  /// What a client has verified is kept apart from keys: `$XDG_STATE_HOME/stele`.
  package static func stateDirectory(variables: [String: String]) -> String {
    base("XDG_STATE_HOME", ".local/state", variables) + "/stele"
  }

  /// XDG Base Directory Specification: relative paths are ignored.
  private static func base(
    _ name: String, _ fallback: String, _ variables: [String: String]
  ) -> String {
    if let path = variables[name], path.hasPrefix("/") { return path }
    return (variables["HOME"] ?? NSHomeDirectory()) + "/" + fallback
  }
}
