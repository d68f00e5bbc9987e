import CanonicalJSON
import Cryptography
import Events

extension JSONValue {
  /// The canonical bytes of a value that this module made from checked parts.
  ///
  /// Names are the format's own, numbers are in range, and texts were read without the characters
  /// that the ledger's JSON cannot hold, so failing here is our own bug.
  var certainBytes: [UInt8] {
    do throws(JSONFormError) {
      return try canonicalBytes()
    } catch {
      preconditionFailure("checked values have no canonical form: \(error)")
    }
  }
}

extension ContentDigest {
  init(hashing bytes: [UInt8]) { self.init(sha256: Digest(bytes: SHA256.hash(bytes))) }
}
