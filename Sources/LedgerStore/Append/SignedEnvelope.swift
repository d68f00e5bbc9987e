import CanonicalJSON
import Cryptography
import Events
import TransparencyLog

/// A signed entry on its way into the ledger, with the personal values that its body commits to.
///
/// Whoever signed it keeps these bytes and appends them again after a failure whose outcome is not
/// known: the ledger answers a repeated envelope with a receipt for the first.
package struct SignedEnvelope: Hashable, Sendable {
  /// The header's canonical bytes, which were signed.
  package let header: [UInt8]
  /// The body's canonical bytes.
  package let body: [UInt8]
  /// 1 to 8 by different keys, in any order.
  package let signatures: [EntrySignature]
  /// What stands behind each `$sealed` of the body, in any order.
  package let sealed: [SealedValue]
  /// Keys whose signature was made here, over this header: appending does not verify those again.
  let signedHere: Set<KeyID>
  /// What ``header`` says, where it was written here: appending does not read it again.
  let written: EntryHeader?

  /// An envelope whose signatures somebody else has made.
  package init(
    header: [UInt8], body: [UInt8], signatures: [EntrySignature], sealed: [SealedValue] = []
  ) {
    self.header = header
    self.body = body
    self.signatures = signatures
    self.sealed = sealed
    signedHere = []
    written = nil
  }

  /// Writes `header` and signs it with each of `keys`.
  package init(
    header written: EntryHeader, body: [UInt8], signingWith keys: [SigningKey],
    sealed: [SealedValue] = []
  ) {
    let header = written.canonicalBytes
    let message = DSSE.pae(payloadType: EntryLine.payloadType, payload: header)
    self.header = header
    self.body = body
    self.sealed = sealed
    signatures = keys.map { key in
      EntrySignature(
        keyid: KeyID(bytes: key.publicKey.keyid), signature: key.sign(message))
    }
    signedHere = Set(signatures.map(\.keyid))
    self.written = written
  }

  /// What every signature is over: DSSE's pre-authentication encoding of the header.
  package var signedMessage: [UInt8] {
    DSSE.pae(payloadType: EntryLine.payloadType, payload: header)
  }
}
