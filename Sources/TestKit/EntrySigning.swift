import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import TransparencyLog

extension SignedEnvelope {
  /// Signs a header and its body with each of `keys`.
  package init(
    header: EntryHeader, body: [UInt8], by keys: [GoldenKey], sealed: [SealedValue] = []
  ) {
    let bytes = header.canonicalBytes
    let message = DSSE.pae(payloadType: EntryLine.payloadType, payload: bytes)
    self.init(
      header: bytes, body: body,
      signatures: keys.map {
        EntrySignature(keyid: $0.keyid, signature: $0.signing.sign(message))
      }, sealed: sealed)
  }
}
