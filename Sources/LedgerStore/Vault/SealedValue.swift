import CanonicalJSON
import Cryptography
import Events

/// A personal value before it goes into the vault: what a body's `$sealed` commits to.
///
/// The salt exists here and inside the ciphertext only, so what is left after the person's key is
/// gone cannot be guessed. Never printed.
package struct SealedValue: Hashable, Sendable {
  package let subject: SubjectID
  /// 32 random bytes, fresh for each value.
  package let salt: [UInt8]
  /// The value's canonical JSON.
  package let value: [UInt8]

  /// - Throws: `JSONFormError` when a string holds what the ledger's JSON refuses.
  package init(
    _ value: JSONValue, of subject: SubjectID, random: any RandomSource
  ) throws(JSONFormError) {
    self.init(
      subject: subject, salt: random.bytes(Sealed.saltBytes), value: try value.canonicalBytes())
  }

  package init(subject: SubjectID, salt: [UInt8], value: [UInt8]) {
    self.subject = subject
    self.salt = salt
    self.value = value
  }

  /// What stands in the body instead of the value.
  package var sealed: Sealed {
    let input = Sealed.commitmentInput(salt: salt, value: value)
    return Sealed(commitment: Digest(bytes: SHA256.hash(input)), subject: subject)
  }
}

extension SealedValue: CustomStringConvertible, CustomReflectable {
  package var description: String { "a sealed value of \(subject)" }

  package var customMirror: Mirror { Mirror(self, children: []) }
}
