import Cryptography
import Events
import Foundation
import LedgerStore
import Projections
import SecretStore

/// What a person has to open secrets with, besides a key file of the key ring.
package struct SecretOpening: Sendable {
  /// A file with a private key of age.
  let identity: String?
  /// Asks for the passphrase; nil where nobody can be asked.
  let passphrase: @Sendable () throws -> SecretBytes?

  package init(
    identity: String?, passphrase: @escaping @Sendable () throws -> SecretBytes?
  ) {
    self.identity = identity
    self.passphrase = passphrase
  }

  /// The key file alone: what an agent has.
  package static let keyFile = SecretOpening(identity: nil) { nil }
}

/// A place's secrets as they were found, with what opens them.
struct OpenSecrets: Sendable {
  let key: DataKey
  let codes: SecretCodes
  /// Not on disk yet where nothing was ever set.
  let sealed: SealedSecrets
}

/// Opens the secrets of a place, with the key ring and what a person has.
struct SecretDoor: Sendable {
  let file: SecretsFile
  let codes: SecretCodes
  let context: SecretContext
  let place: Place
  private let keyFile: String
  private let random: any RandomSource

  /// - Throws: ``SecretError/vaultKeyMissing(path:)``; `LedgerError`.
  init(_ session: Session, _ place: Place) throws {
    guard let vaultKey = try session.keys.vaultSecret() else {
      throw SecretError.vaultKeyMissing(path: session.keys.vaultKey)
    }
    file = SecretsFile(place, in: session.workspace.ledger)
    codes = SecretCodes(vaultKey: vaultKey, session.origin)
    context = SecretContext(session.origin, place)
    self.place = place
    keyFile = session.keys.secretsKey(place)
    random = session.random
  }

  /// The secrets that are there; with a new key, for a key file of the key ring, where none are.
  ///
  /// The key file is durable before anything is sealed with it. A crash after that leaves one that
  /// the next call uses.
  func openOrFound(_ opening: SecretOpening) async throws -> OpenSecrets {
    if let sealed = try file.read() { return try await open(sealed, opening) }
    let key = DataKey(context, random: random)
    let wrapped = key.wrapped(forKeyFile: try foundKeyFile(), codes, random: random)
    return OpenSecrets(
      key: key, codes: codes, sealed: SealedSecrets(place, check: key.check, recipients: [wrapped]))
  }

  /// - Throws: `SecretStoreError`; `LedgerError` where the key file is not safe to use, and
  ///   ``SecretError/identityFile(path:_:)`` where an identity is not, needed or not.
  func open(_ sealed: SealedSecrets, _ opening: SecretOpening) async throws -> OpenSecrets {
    if let identity = opening.identity { try IdentityFile.check(identity) }
    let key =
      if let key = try byKeyFile(sealed) {
        key
      } else if let key = try await byAge(sealed, opening) {
        key
      } else {
        try byPassphrase(sealed, opening)
      }
    guard key.opens(sealed) else {
      throw SecretStoreError.damaged(path: file.path, "it was sealed with another key")
    }
    return OpenSecrets(key: key, codes: codes, sealed: sealed)
  }

  /// The key file's bytes, which are made where there are none.
  func foundKeyFile() throws(LedgerError) -> SecretBytes {
    if let bytes = try keyFileBytes() { return bytes }
    try LedgerDirectory.makePath(String(keyFile[..<(keyFile.lastIndex(of: "/") ?? "/".endIndex)]))
    return SecretBytes(try SecretFile.create(keyFile, random: random))
  }

  /// Closes a key for a recipient; `passphrase` is asked for where one is meant.
  func wrap(
    _ key: DataKey, for recipient: NamedRecipient,
    passphrase: @Sendable () throws -> SecretBytes?
  ) async throws -> WrappedKey {
    switch recipient {
    case .keyFile: return key.wrapped(forKeyFile: try foundKeyFile(), codes, random: random)
    case .age(let recipient): return try await key.wrapped(for: recipient, codes)
    case .passphrase:
      guard let passphrase = try passphrase() else { throw SecretError.passphraseMissing(place) }
      guard SecretLimits.passphraseBytes.contains(passphrase.count) else {
        throw SecretError.passphraseLength(passphrase.count)
      }
      return key.wrapped(forPassphrase: passphrase, codes, random: random)
    }
  }

  /// Removes a key file that opens nothing any more.
  func forgetKeyFile() { unlink(keyFile) }

  private func keyFileBytes() throws(LedgerError) -> SecretBytes? {
    do { return SecretBytes(try SecretFile.read(keyFile)) } catch {
      guard case .notFound = error else { throw error }
      return nil
    }
  }

  private func byKeyFile(_ sealed: SealedSecrets) throws -> DataKey? {
    guard let wrapped = sealed.wrapped(.keyFile), let bytes = try keyFileBytes() else {
      return nil
    }
    guard let key = DataKey(wrapped, keyFile: bytes, context) else {
      throw SecretStoreError.keyFileDiffers(path: keyFile)
    }
    return key
  }

  private func byAge(_ sealed: SealedSecrets, _ opening: SecretOpening) async throws -> DataKey? {
    guard let identity = opening.identity else { return nil }
    var failure: SecretStoreError?
    for wrapped in sealed.recipients where wrapped.age != nil {
      do throws(SecretStoreError) {
        return try await DataKey(wrapped, ageIdentity: identity, context)
      } catch { failure = error }
    }
    if let failure { throw failure }
    return nil
  }

  private func byPassphrase(
    _ sealed: SealedSecrets, _ opening: SecretOpening
  ) throws -> DataKey {
    guard let wrapped = sealed.wrapped(.passphrase), let passphrase = try opening.passphrase()
    else {
      let kinds = RecipientKind.allCases.filter { sealed.wrapped($0) != nil }
      throw SecretStoreError.locked(place, for: kinds)
    }
    guard let key = DataKey(wrapped, passphrase: passphrase, codes, context) else {
      throw SecretStoreError.passphraseDiffers(place)
    }
    return key
  }
}

extension SealedSecrets {
  /// The first recipient of a kind: of key files and passphrases there is one at most.
  func wrapped(_ kind: RecipientKind) -> WrappedKey? {
    recipients.first { $0.recipient.recipient == kind }
  }
}

/// A recipient as people write it: `keyFile`, `passphrase`, `age1…`.
package enum NamedRecipient: Hashable, Sendable {
  case keyFile
  case passphrase
  case age(AgeRecipient)

  package init?(_ text: String) {
    switch text {
    case RecipientKind.keyFile.rawValue: self = .keyFile
    case RecipientKind.passphrase.rawValue: self = .passphrase
    default:
      guard let recipient = AgeRecipient(text) else { return nil }
      self = .age(recipient)
    }
  }

  init(_ wrapped: WrappedKey) {
    self =
      switch wrapped.recipient.recipient {
      case .keyFile: .keyFile
      case .passphrase: .passphrase
      case .age: wrapped.age.map { .age($0) } ?? .keyFile
      }
  }

  package var text: String {
    switch self {
    case .keyFile: RecipientKind.keyFile.rawValue
    case .passphrase: RecipientKind.passphrase.rawValue
    case .age(let recipient): recipient.text
    }
  }
}
