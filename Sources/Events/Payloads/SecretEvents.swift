import CanonicalJSON

/// A secret has a new version; its value is in the environment's store and never here.
///
/// Always recorded after the value is durable there, so that a version that the ledger names was
/// once to be had.
package struct SecretSet: EventPayload {
  package static let kind: EventKind = "secret.set.v1"

  /// HMAC-SHA-256 of the value, under a key that only the vault's holder has; of the same value the
  /// same in every environment.
  package let hmac: Digest
  package let name: SecretName
  package let reason: Sealed?
  /// From 1, one more than the last, also after a removal.
  package let version: Int

  package init(_ name: SecretName, version: Int, hmac: Digest, reason: Sealed? = nil) {
    self.hmac = hmac
    self.name = name
    self.reason = reason
    self.version = version
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    hmac = try fields.take("hmac")
    name = try fields.take("name")
    reason = try fields.takeOptional("reason")
    version = try fields.take("version", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("hmac", hmac)
    fields.put("name", name)
    fields.put("reason", reason)
    fields.put("version", version)
  }
}

/// Versions of a secret that nothing may be given any more, by a rollback neither.
package struct SecretRetired: EventPayload {
  package static let kind: EventKind = "secret.retired.v1"

  package let name: SecretName
  /// The newest of them; all before it are retired too.
  package let through: Int

  package init(_ name: SecretName, through: Int) {
    self.name = name
    self.through = through
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    name = try fields.take("name")
    through = try fields.take("through", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("name", name)
    fields.put("through", through)
  }
}

/// A secret is there no more, in none of its versions.
package struct SecretRemoved: EventPayload {
  package static let kind: EventKind = "secret.removed.v1"

  package let name: SecretName
  package let reason: Sealed?

  package init(_ name: SecretName, reason: Sealed? = nil) {
    self.name = name
    self.reason = reason
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    name = try fields.take("name")
    reason = try fields.takeOptional("reason")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("name", name)
    fields.put("reason", reason)
  }
}

/// What opens an environment's key.
package enum RecipientKind: String, WordValue {
  /// A file of 32 bytes on the machine.
  case keyFile
  case passphrase
  /// A public key of the program age.
  case age
}

/// Who can open an environment's secrets.
package struct SecretRecipient: ObjectValue {
  /// HMAC-SHA-256 under a key that only the vault's holder has; of the same recipient the same in
  /// every environment.
  package let hmac: Digest
  package let recipient: RecipientKind

  package init(_ recipient: RecipientKind, hmac: Digest) {
    self.hmac = hmac
    self.recipient = recipient
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    hmac = try fields.take("hmac")
    recipient = try fields.take("recipient")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("hmac", hmac)
    fields.put("recipient", recipient)
  }
}

/// Somebody can open an environment's secrets from here on.
package struct SecretRecipientAdded: EventPayload {
  package static let kind: EventKind = "secret.recipient_added.v1"

  package let recipient: SecretRecipient

  package init(_ recipient: SecretRecipient) { self.recipient = recipient }

  package init(fields: inout FieldReader) throws(FormFault) {
    recipient = try SecretRecipient(fields: &fields)
  }

  package func write(to fields: inout FieldWriter) { recipient.write(to: &fields) }
}

/// Somebody can open what is set from here on no more.
package struct SecretRecipientRemoved: EventPayload {
  package static let kind: EventKind = "secret.recipient_removed.v1"

  package let recipient: SecretRecipient

  package init(_ recipient: SecretRecipient) { self.recipient = recipient }

  package init(fields: inout FieldReader) throws(FormFault) {
    recipient = try SecretRecipient(fields: &fields)
  }

  package func write(to fields: inout FieldWriter) { recipient.write(to: &fields) }
}

/// Everything that can happen to an environment's secrets.
package enum SecretEvent: Hashable, Sendable {
  case set(SecretSet)
  case retired(SecretRetired)
  case removed(SecretRemoved)
  case recipientAdded(SecretRecipientAdded)
  case recipientRemoved(SecretRecipientRemoved)
}
