import CanonicalJSON
import Events
import Projections

/// What a place's file in `.stele/secrets` says; whoever reads it learns names and nothing more.
///
/// Canonical JSON:
///
///     {"check":"<hex>","place":"shop.staging","recipients":[{"hmac":"<hex>","recipient":"keyFile",
///     "wrapped":"<base64>"}],"secrets":[{"box":"<base64>","name":"database-password","version":1}],
///     "v":1}
///
/// A box is nonce(12) ‖ ciphertext ‖ tag(16) of AES-256-GCM under the place's key, bound to ledger,
/// place, name and version: moved to another, it does not open. `check` is an HMAC that only this
/// key gives, so that a wrong key is not taken for a damaged file.
package struct SealedSecrets: Hashable, Sendable {
  package let place: Place
  package let check: Digest
  /// At least one.
  package var recipients: [WrappedKey]
  /// Ascending by name and version.
  package private(set) var values: [Value]

  package init(_ place: Place, check: Digest, recipients: [WrappedKey]) {
    self.place = place
    self.check = check
    self.recipients = recipients
    values = []
  }

  /// One version of a secret, closed.
  package struct Value: Hashable, Sendable {
    package let name: SecretName
    package let version: Int
    package let box: SealedBytes
  }

  package func box(_ name: SecretName, version: Int) -> SealedBytes? {
    values.first { $0.name == name && $0.version == version }?.box
  }

  /// Puts a version in. Those from it on, of which the ledger knows nothing, go: whoever wrote them
  /// did not come to record them.
  package mutating func put(_ box: SealedBytes, as name: SecretName, version: Int) {
    values.removeAll { $0.name == name && $0.version >= version }
    values.append(Value(name: name, version: version, box: box))
    values.sort { ($0.name, $0.version) < ($1.name, $1.version) }
  }

  /// Takes out what `isGone` says of.
  package mutating func drop(where isGone: (Value) -> Bool) { values.removeAll(where: isGone) }
}

extension SealedSecrets: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    check = try fields.take("check")
    place = try fields.take("place")
    recipients = try fields.take("recipients")
    values = try fields.take("secrets")
    _ = try fields.take("v", in: 1...1)
    guard !recipients.isEmpty else {
      throw FormFault.field(path: "recipients", expected: "one at least")
    }
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("check", check)
    fields.put("place", place)
    fields.put("recipients", recipients)
    fields.put("secrets", values)
    fields.put("v", 1)
  }
}

extension SealedSecrets.Value: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    box = try fields.take("box")
    name = try fields.take("name")
    version = try fields.take("version", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("box", box)
    fields.put("name", name)
    fields.put("version", version)
  }
}
