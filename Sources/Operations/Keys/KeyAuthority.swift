import Cryptography
import Events
import Foundation
import LedgerStore
import Projections

/// Who signs for a change of keys: the administrator, or enough recovery keys.
///
/// Recovery keys are asked for where the format wants them: beside the administrator for a change
/// of recovery keys, in place of an administrator whose key is lost.
package struct KeyAuthority: Sendable {
  /// Files of recovery keys, absolute; none for those of the key ring.
  private let recovery: [String]
  /// The administrator's key is not to be had: recovery keys act instead.
  private let isAdministratorLost: Bool

  package init(recovery: [String] = [], isAdministratorLost: Bool = false) {
    self.recovery = recovery
    self.isAdministratorLost = isAdministratorLost
  }

  /// Who signs an entry: its actor first, then whom a rule asks for besides.
  struct Signers: Sendable {
    let lead: Signer
    let others: [Signer]
  }

  /// - Parameter role: Of the key that comes or goes.
  /// - Throws: ``KeyWorkError/quorum(found:needed:)`` when too few recovery keys are at hand;
  ///   ``KeyWorkError/notRecovery(path:role:)``; `KeyFileError`.
  func signers(for role: KeyRole, in session: Session) async throws -> Signers {
    if isAdministratorLost {
      let quorum = try await quorum(in: session)
      return Signers(lead: quorum[0], others: Array(quorum.dropFirst()))
    }
    return Signers(
      lead: try await session.signer(.administrator),
      others: role == .recovery ? try await quorum(in: session) : [])
  }

  /// Exactly as many recovery keys as the threshold asks for.
  func quorum(in session: Session) async throws -> [Signer] {
    let needed = try session.recoveryThreshold()
    let found =
      recovery.isEmpty
      ? try await keyRing(of: session) : try await named(in: session)
    guard found.count >= needed else {
      throw KeyWorkError.quorum(found: found.count, needed: needed)
    }
    return Array(found.prefix(needed))
  }

  /// Each of the named keys has to be what it is named for.
  private func named(in session: Session) async throws -> [Signer] {
    let keys = try await session.state().keys
    var signers: [Signer] = []
    for path in recovery {
      let signer = try await session.person(keyAt: path)
      let role = keys.byID[signer.keyid]?.role ?? .actor
      guard role == .recovery else { throw KeyWorkError.notRecovery(path: path, role: role) }
      if !signers.contains(where: { $0.keyid == signer.keyid }) { signers.append(signer) }
    }
    return signers
  }

  /// Those that are still in the key ring and valid.
  private func keyRing(of session: Session) async throws -> [Signer] {
    var signers: [Signer] = []
    for path in session.keys.recoveryPaths where FileManager.default.fileExists(atPath: path) {
      do { signers.append(try await session.person(keyAt: path)) } catch is SignerError {}
    }
    return signers
  }
}

extension Session {
  /// How many recovery keys together replace what is lost.
  package nonisolated func recoveryThreshold() throws -> Int {
    try ledger.read { try $0.custody().recoveryThreshold }
  }
}
