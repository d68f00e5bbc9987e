import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import Projections
import TransparencyLog

extension Session {
  /// Opens the project's ledger, unless it is another than the one that was verified here.
  ///
  /// - Parameters:
  ///   - purpose: Reading needs no key; appending needs the log's.
  ///   - isCompared: Whether it is held against what this client has verified; not by who does that
  ///     apart, to say more.
  /// - Throws: ``WorkspaceError/noLedger(_:)``; `LedgerError` when settings, schema or anchor are
  ///   not as they should be, or the ledger is not the one that was verified; `KeyFileError` when a
  ///   key is missing or readable by others.
  package static func open(
    _ workspace: Workspace, for purpose: Ledger.Purpose, variables: [String: String],
    isCompared: Bool = true, time: any TimeSource = SystemTime(),
    random: any RandomSource = SystemRandom()
  ) throws -> Session {
    try workspace.requireLedger()
    let reading = try Ledger.open(
      directory: workspace.ledger, for: .reading, time: time, random: random)
    guard let origin = try reading.head().origin else {
      throw WorkspaceError.noGenesis(workspace.ledger)
    }
    let keys = KeyRing(log: origin.log.text, variables: variables)
    let client = ClientState(directory: KeyRing.stateDirectory(variables: variables))
    if isCompared, purpose != .startingIncarnation {
      // Nobody decides by another history than the one that was verified here, nor signs it.
      _ = try reading.read { try client.compare($0) }
    }
    let ledger =
      switch purpose {
      case .reading: reading
      case .appending, .startingIncarnation:
        try Ledger.open(
          directory: workspace.ledger, for: purpose, secrets: keys.secrets(), time: time,
          random: random)
      }
    return Session(
      workspace: workspace, ledger: ledger, keys: keys, origin: origin, time: time,
      random: random, client: client)
  }

  /// The person at the keyboard: the actor key of the key ring, or the one that is named.
  ///
  /// - Parameter path: `--key` or `STELE_KEY`; nil for the key ring's.
  /// - Throws: `KeyFileError`; ``SignerError`` when the ledger does not know the key, or no longer.
  package func person(keyAt path: String?) throws -> Signer {
    let path = path ?? keys.path(.actor)
    return try signer(KeyFile.read(path), at: path)
  }

  /// One of the key ring's own signers.
  package func signer(_ name: KeyRing.Name) throws -> Signer {
    try signer(keys.key(name), at: keys.path(name))
  }

  private func signer(_ key: SigningKey, at path: String) throws -> Signer {
    let keyid = KeyID(bytes: key.publicKey.keyid)
    guard let known = try state().keys.byID[keyid] else {
      throw SignerError.unknown(path: path, keyid: keyid)
    }
    guard known.isValid else { throw SignerError.revoked(path: path, keyid: keyid) }
    return Signer(actor: known.owner, key: key)
  }
}

extension KeyRing {
  /// What appending needs; a key ring without the vault's or the snapshots' key does without.
  func secrets() throws -> LedgerSecrets {
    LedgerSecrets(
      logKeys: try logKeys(), vaultKey: try vaultSecret(), snapshotKey: try snapshotSecret(),
      tombstones: tombstones, givenUp: givenUp)
  }
}

extension KeyRing {
  /// What opens sealed values, without what appends; nil on a machine without the vault's key.
  func vaultSecrets() throws(LedgerError) -> LedgerSecrets? {
    guard let vaultKey = try vaultSecret() else { return nil }
    return LedgerSecrets(vaultKey: vaultKey, tombstones: tombstones, givenUp: givenUp)
  }
}

extension Session {
  /// The log's key: what a client pins, and what `verify` follows from.
  ///
  /// - Parameter size: Of the first entries, whose key it was; nil is now.
  /// - Throws: ``WorkspaceError/noGenesis(_:)`` where there was no ledger yet.
  package nonisolated func verifierKey(ofSize size: Int? = nil) throws -> VerifierKey {
    let (custody, size) = try ledger.read { try ($0.custody(), size ?? $0.head().size) }
    guard let key = custody.logKey(forSize: size), let origin = custody.origin(at: size - 1) else {
      throw WorkspaceError.noGenesis(workspace.ledger)
    }
    return try key.verifierKey(of: origin)
  }
}

/// Why nobody could sign; nothing was recorded.
package enum SignerError: ExitingError, Equatable {
  case unknown(path: String, keyid: KeyID)
  case revoked(path: String, keyid: KeyID)

  package var exitStatus: ExitStatus { .noPermission }

  package var description: String {
    switch self {
    case .unknown(let path, let keyid):
      """
      Nothing was recorded: the ledger does not know the key \(keyid.hex.prefix(16))… in \(path).
      An administrator can add it with `stele key add --role actor --key \(path)`.
      """
    case .revoked(let path, let keyid):
      """
      Nothing was recorded: the key \(keyid.hex.prefix(16))… in \(path) was revoked.
      See where with `stele key list`, when and why with `stele show POSITION`, and name another \
      one with --key.
      """
    }
  }
}
