import CanonicalJSON

/// A personal value that stands elsewhere, encrypted under the person's key: here is what proves
/// it.
///
/// After the key is gone nothing can be guessed from what is left, and every proof still holds.
///
///     {"$sealed":{"commitment":"<64 hex>","subject":"<UUIDv7>"}}
package struct Sealed: Hashable, Sendable {
  package static let saltBytes = 32

  /// SHA-256 of ``commitmentInput(salt:value:)``.
  package let commitment: Digest
  package let subject: SubjectID

  package init(commitment: Digest, subject: SubjectID) {
    self.commitment = commitment
    self.subject = subject
  }

  /// The bytes whose SHA-256 commits to a value.
  ///
  /// - Parameters:
  ///   - salt: 32 fresh random bytes, kept only inside the ciphertext.
  ///   - value: The value's canonical JSON.
  package static func commitmentInput(salt: [UInt8], value: [UInt8]) -> [UInt8] {
    precondition(salt.count == saltBytes, "a sealed value needs a salt of 32 bytes")
    return Array("stele/sealed/v1\0".utf8) + salt + value
  }

  /// What AES-256-GCM binds a ciphertext to: this place in this entry of this ledger.
  ///
  /// - Parameters:
  ///   - index: Of the event in `data`, from 0.
  ///   - pointer: RFC 6901, from the event's object.
  package static func associatedData(
    origin: Origin, entry: EntryID, index: Int, pointer: String
  ) -> [UInt8] {
    Array("\(origin)\0\(entry)\0\(index)\0\(pointer)".utf8)
  }
}

extension Sealed: DollarValue {
  package static let key = "$sealed"

  package init(content: inout FieldReader) throws(FormFault) {
    commitment = try content.take("commitment")
    subject = try content.take("subject")
  }

  package func write(content: inout FieldWriter) {
    content.put("commitment", commitment)
    content.put("subject", subject)
  }
}
