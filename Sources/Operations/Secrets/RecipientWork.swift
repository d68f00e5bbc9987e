import Access
import Cryptography
import Events
import LedgerStore
import Projections
import SecretStore

/// `stele secret recipient`: who can open an environment's secrets.
package struct RecipientWork: Sendable {
  private let session: Session
  private let place: Place
  private let person: Signer

  package init(_ session: Session, in place: Place, by person: Signer) {
    self.session = session
    self.place = place
    self.person = person
  }

  /// Wraps the place's key for one more.
  ///
  /// Commit point: the file. A crash before the entry leaves a recipient that the next change of
  /// the place records.
  ///
  /// - Parameter passphrase: Asks for a new one, where that is the recipient.
  /// - Returns: Other environments that the same recipient opens.
  /// - Throws: ``AccessDenied`` after the denial was recorded; ``SecretError``, `SecretStoreError`.
  package func add(
    _ recipient: NamedRecipient, opening: SecretOpening,
    passphrase: @Sendable () throws -> SecretBytes?
  ) async throws -> [EnvironmentName] {
    let authorization = try await session.authorize(.shareSecrets, by: person, in: place)
    let door = try SecretDoor(session, place)
    let open = try await door.openOrFound(opening)
    guard !open.sealed.has(recipient) else {
      // Of secrets that nobody has set yet, the key file is the first recipient by itself.
      guard try door.file.read() == nil else {
        throw SecretError.recipientKnown(recipient.text, place.environment)
      }
      return try await replace(open, with: open.sealed, on: authorization)
    }
    let wrapped = try await door.wrap(open.key, for: recipient, passphrase: passphrase)
    var sealed = open.sealed
    sealed.recipients.append(wrapped)
    _ = try await replace(open, with: sealed, on: authorization)
    return try await session.state().secrets.others(openedBy: wrapped.recipient, than: place)
      .map(\.environment)
  }

  /// Seals every value anew, under a new key that is wrapped for the others alone.
  ///
  /// What the one who is removed has seen, or kept a copy of, they still know: rotate it.
  /// Commit point: the file, as in ``add(_:opening:passphrase:)``.
  ///
  /// - Throws: As ``add(_:opening:passphrase:)``.
  package func remove(_ recipient: NamedRecipient, opening: SecretOpening) async throws {
    let authorization = try await session.authorize(.shareSecrets, by: person, in: place)
    let door = try SecretDoor(session, place)
    guard let found = try door.file.read(), found.has(recipient) else {
      throw SecretError.recipientUnknown(recipient.text, place.environment)
    }
    let others = found.recipients.map(NamedRecipient.init).filter { $0 != recipient }
    guard !others.isEmpty else { throw SecretError.lastRecipient(place.environment) }
    let open = try await door.open(found, opening)
    let key = DataKey(door.context, random: session.random)
    var wrapped: [WrappedKey] = []
    for other in others {
      wrapped.append(try await door.wrap(key, for: other, passphrase: opening.passphrase))
    }
    guard Set(wrapped.map(\.recipient)).isSubset(of: Set(found.recipients.map(\.recipient))) else {
      throw SecretStoreError.passphraseDiffers(place)
    }
    var sealed = SealedSecrets(place, check: key.check, recipients: wrapped)
    for value in found.values {
      let bytes = try open.key.open(value.box, as: value.name, version: value.version)
      sealed.put(
        key.seal(bytes, as: value.name, version: value.version, random: session.random),
        as: value.name, version: value.version)
    }
    _ = try await replace(open, with: sealed, on: authorization)
    if recipient == .keyFile { door.forgetKeyFile() }
  }

  private func replace(
    _ open: OpenSecrets, with sealed: SealedSecrets, on authorization: Authorization
  ) async throws -> [EnvironmentName] {
    let file = SecretsFile(place, in: session.workspace.ledger)
    return try await session.resting(
      on: authorization, .shareSecrets, by: person, application: place.application,
      environment: place.environment
    ) { session, _, granted in
      try file.changing { file in
        let state = try session.state()
        let before = try file.read()
        guard (before ?? open.sealed) == open.sealed else {
          throw SecretStoreError.keyReplaced(place)
        }
        try file.replace(with: sealed)
        _ = try session.record(
          [], making: sealed, of: file, insteadOf: before, in: place, state, on: granted,
          by: person)
        return []
      }
    }
  }
}

extension SealedSecrets {
  fileprivate func has(_ recipient: NamedRecipient) -> Bool {
    recipients.contains { NamedRecipient($0) == recipient }
  }
}
