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

extension GoldenKey {
  /// A witness's key as notes know it.
  package var cosignerKey: VerifierKey {
    get throws {
      try VerifierKey(
        name: name, algorithm: .cosignature, key: signing.publicKey.raw, using: LibcryptoHashing())
    }
  }

  /// `note` with this witness's word that it saw it at `time`, seconds since 1970.
  package func cosigning(_ note: SignedNote, at time: Int64) throws -> SignedNote {
    var note = note
    let word = Cosignature(on: note.text, at: time) { signing.sign($0) }
    note.add(word.noteSignature(by: try cosignerKey))
    return note
  }
}
