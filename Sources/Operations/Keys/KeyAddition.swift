import Access
import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import Projections
import TransparencyLog

/// `stele key add`: registers a key, with its owner's access.
package struct KeyAddition: Sendable {
  private let session: Session
  private let authority: KeyAuthority

  package init(_ session: Session, by authority: KeyAuthority = KeyAuthority()) {
    self.session = session
    self.authority = authority
  }

  /// What a new key is, and where it comes from.
  package enum Source: Sendable {
    /// An existing private key, or where a new one is written. Absolute.
    case file(String)
    /// A witness's public key, under its name in notes.
    case witness(VerifierKey)
  }

  /// Access that a key's owner gets with it.
  package struct Grant: Sendable {
    package let role: AccessRole
    package let environments: Reach<EnvironmentTag>

    package init(role: AccessRole, environments: Reach<EnvironmentTag>) {
      self.role = role
      self.environments = environments
    }
  }

  package struct Added: Sendable {
    package let keyid: KeyID
    package let owner: ActorID
    package let position: Int
    /// The file was not there and was written.
    package let isGenerated: Bool
  }

  /// Decides, makes the key file when it is missing, and registers; one entry for key and grant.
  ///
  /// A crash after the file was written leaves a key that the ledger does not know: the same
  /// command again takes it.
  ///
  /// - Parameters:
  ///   - owner: Nil for a person whom the ledger does not know yet.
  ///   - grant: Only an administrator's key signs it, never recovery keys in its place.
  /// - Throws: ``AccessDenied`` after the denial was recorded; ``KeyWorkError``; `KeyFileError`;
  ///   `AppendError` when the ledger refuses, `keyRepeated` for a key that it knows.
  package func add(
    _ source: Source, role: KeyRole, owner: ActorID?, grant: Grant?
  ) async throws -> Added {
    let signers = try await authority.signers(for: role, in: session)
    let authorization = try await session.authorize(
      .addKey, by: signers.lead, application: nil, environment: nil)
    let owner = owner ?? .make(at: session.time.now(), random: session.random.bytes(10))
    let new = try material(of: source, owner: owner)
    let keyid = KeyID(bytes: new.publicKey.keyid)
    let registered = KeyRegistered(
      key: PublicKeyBytes(spki: new.publicKey.spki), owner: owner, role: role, name: new.name)
    var events = [DraftEvent(registered, in: .key(keyid))]
    if let grant {
      let granted = AccessGranted(
        actor: owner, applications: .all, environments: grant.environments, role: grant.role)
      events.append(DraftEvent(granted, in: .grant(owner)))
    }
    let position = try await session.resting(on: authorization, .addKey, by: signers.lead) {
      [events] session, _, granted in
      try session.record(
        EntryDraft(events, resting: granted), by: signers.lead,
        cosigners: signers.others + (new.signer.map { [$0] } ?? [])
      ).position
    }
    return Added(keyid: keyid, owner: owner, position: position, isGenerated: new.isGenerated)
  }

  private struct Material: Sendable {
    let publicKey: PublicKey
    /// Nil for a witness, who need not sign.
    let signer: Signer?
    let name: MachineWords?
    let isGenerated: Bool
  }

  private func material(of source: Source, owner: ActorID) throws -> Material {
    switch source {
    case .witness(let key):
      return Material(
        publicKey: try PublicKey(raw: key.key), signer: nil, name: MachineWords(key.name),
        isGenerated: false)
    case .file(let path):
      let isThere = FileManager.default.fileExists(atPath: path)
      let key = try isThere ? KeyFile.read(path) : SigningKey.generate()
      if !isThere { try KeyFile.write(key, to: path) }
      return Material(
        publicKey: key.publicKey, signer: Signer(actor: owner, key: key), name: nil,
        isGenerated: !isThere)
    }
  }
}

extension EntryDraft {
  /// What rests on a decision: expects what was decided on, but for streams that it writes itself.
  init(_ events: [DraftEvent], resting authorization: Authorization) {
    let written = Set(events.map(\.stream))
    self.init(
      events, expects: authorization.expects.filter { !written.contains($0.key) },
      because: [authorization.decision])
  }
}
