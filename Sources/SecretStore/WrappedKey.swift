import CanonicalJSON
import Events

/// An environment's key, closed for one recipient.
package struct WrappedKey: Hashable, Sendable {
  /// As the ledger names it.
  package let recipient: SecretRecipient
  /// Of an age recipient its text; nil for others.
  package let age: AgeRecipient?
  package let wrapped: SealedBytes
}

extension WrappedKey: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    age = try fields.takeOptional("age")
    recipient = try SecretRecipient(fields: &fields)
    wrapped = try fields.take("wrapped")
    guard (recipient.recipient == .age) == (age != nil) else {
      throw FormFault.field(path: "age", expected: "present for age and for nobody else")
    }
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("age", age)
    recipient.write(to: &fields)
    fields.put("wrapped", wrapped)
  }
}
