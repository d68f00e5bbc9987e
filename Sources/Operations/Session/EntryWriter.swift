import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import TransparencyLog

/// Puts an entry together and signs it: a draft, the history that was seen, and keys in; bytes out.
package struct EntryWriter: Sendable {
  package let origin: Origin
  package let seen: Seen
  package let at: Timestamp
  package let random: any RandomSource

  package init(origin: Origin, seen: Seen, at: Timestamp, random: any RandomSource) {
    self.origin = origin
    self.seen = seen
    self.at = at
    self.random = random
  }

  /// An id that no entry has.
  package func newID() -> EntryID { .make(at: at, random: random.bytes(10)) }

  /// - Parameters:
  ///   - entry: A new id: ``newID()``.
  ///   - cosigners: Others whose signatures a rule asks for, such as a key that is registered.
  ///   - sealed: What the draft's `$sealed` values commit to.
  /// - Throws: `JSONFormError` when a value has no canonical form.
  package func envelope(
    _ draft: EntryDraft, as entry: EntryID, signedBy signer: Signer, cosigners: [Signer] = [],
    sealed: [SealedValue] = [], nextVersion: (StreamName) throws -> Int
  ) throws -> SignedEnvelope {
    let body = try draft.body(salt: random.bytes(Limits.saltBytes)).canonicalBytes()
    let header = try draft.header(
      entry: entry, actor: signer.owner, behalf: signer.behalf, at: at, ledger: origin, seen: seen,
      body: Digest(bytes: SHA256.hash(EntryBody.digestPrefix + body)), nextVersion: nextVersion)
    return SignedEnvelope(
      header: header, body: body, signingWith: ([signer] + cosigners).map(\.key), sealed: sealed)
  }
}
