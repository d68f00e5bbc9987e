import CanonicalJSON
import Cryptography
import Events

/// A place's key, open: seals and opens its values, and closes itself for recipients.
package struct DataKey: Sendable {
  private let bytes: SecretBytes
  private let context: SecretContext

  /// A new one.
  package init(_ context: SecretContext, random: any RandomSource) {
    self.init(SecretBytes(random.bytes(SealedBox.keyByteCount)), context)
  }

  private init(_ bytes: SecretBytes, _ context: SecretContext) {
    self.bytes = bytes
    self.context = context
  }

  /// Given by this key alone: whether it is a file's says ``opens(_:)``.
  package var check: Digest {
    Digest(bytes: bytes.read { hmacSHA256(context.bytes("stele/secrets-check/v1"), key: $0) })
  }

  package func opens(_ sealed: SealedSecrets) -> Bool { sealed.check == check }

  package func seal(
    _ value: SecretBytes, as name: SecretName, version: Int, random: any RandomSource
  ) -> SealedBytes {
    let place = context.bytes("stele/secret/v1", name.rawValue, "\(version)")
    return SealedBytes(Self.seal(value, with: bytes, at: place, random: random))
  }

  /// - Throws: ``SecretStoreError/notAuthentic(_:version:_:)``.
  package func open(
    _ box: SealedBytes, as name: SecretName, version: Int
  ) throws(SecretStoreError) -> SecretBytes {
    let place = context.bytes("stele/secret/v1", name.rawValue, "\(version)")
    guard let value = Self.open(box, with: bytes, at: place) else {
      throw .notAuthentic(name, version: version, context.place)
    }
    return value
  }

  fileprivate static func seal(
    _ value: SecretBytes, with key: SecretBytes, at place: [UInt8], random: any RandomSource
  ) -> [UInt8] {
    let nonce = random.bytes(SealedBox.nonceByteCount)
    return key.read { key in
      value.read { SealedBox.seal($0, key: key, nonce: nonce, associatedData: place) }
    }
  }

  fileprivate static func open(
    _ box: SealedBytes, with key: SecretBytes, at place: [UInt8]
  ) -> SecretBytes? {
    key.read { key in
      (try? SealedBox.open(box.bytes, key: key, associatedData: place)).map { SecretBytes($0) }
    }
  }
}

// MARK: Recipients

extension DataKey {
  /// - Parameter keyFile: 32 bytes.
  package func wrapped(
    forKeyFile keyFile: SecretBytes, _ codes: SecretCodes, random: any RandomSource
  ) -> WrappedKey {
    wrapped(for: keyFile.read { codes.recipient(.keyFile, $0) }, with: keyFile, random: random)
  }

  package func wrapped(
    forPassphrase passphrase: SecretBytes, _ codes: SecretCodes, random: any RandomSource
  ) -> WrappedKey {
    let stretched = codes.stretched(passphrase)
    return wrapped(
      for: stretched.read { codes.recipient(.passphrase, $0) }, with: stretched, random: random)
  }

  /// - Throws: What the program age says: ``SecretStoreError/ageMissing``, `.ageFailed`.
  package func wrapped(
    for recipient: AgeRecipient, _ codes: SecretCodes
  ) async throws(SecretStoreError) -> WrappedKey {
    WrappedKey(
      recipient: codes.recipient(.age, Array(recipient.text.utf8)), age: recipient,
      wrapped: SealedBytes(try await AgeProgram.encrypt(bytes, for: recipient)))
  }

  private func wrapped(
    for recipient: SecretRecipient, with key: SecretBytes, random: any RandomSource
  ) -> WrappedKey {
    WrappedKey(
      recipient: recipient, age: nil,
      wrapped: SealedBytes(
        Self.seal(bytes, with: key, at: context.wrapping(recipient), random: random)))
  }

  /// Nil where a key file is another than the one that it was wrapped for.
  package init?(_ wrapped: WrappedKey, keyFile: SecretBytes, _ context: SecretContext) {
    let place = context.wrapping(wrapped.recipient)
    guard let bytes = Self.open(wrapped.wrapped, with: keyFile, at: place) else { return nil }
    self.init(bytes, context)
  }

  /// Nil where a passphrase is another one.
  package init?(
    _ wrapped: WrappedKey, passphrase: SecretBytes, _ codes: SecretCodes, _ context: SecretContext
  ) {
    self.init(wrapped, keyFile: codes.stretched(passphrase), context)
  }

  /// - Parameter identity: The file with age's private key.
  /// - Throws: As ``wrapped(for:_:)``.
  package init(
    _ wrapped: WrappedKey, ageIdentity identity: String, _ context: SecretContext
  ) async throws(SecretStoreError) {
    let bytes = try await AgeProgram.decrypt(wrapped.wrapped.bytes, with: identity)
    self.init(bytes, context)
  }
}

extension SecretContext {
  fileprivate func wrapping(_ recipient: SecretRecipient) -> [UInt8] {
    bytes("stele/secrets-key/v1", recipient.recipient.rawValue, recipient.hmac.hex)
  }
}
