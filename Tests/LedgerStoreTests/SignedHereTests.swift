import CanonicalJSON
import Cryptography
import Events
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// What this process has signed itself is not verified again, and judged like everything else.
@Suite struct SignedHereTests {
  let store: TemporaryLedger

  init() throws { store = try TemporaryLedger() }

  /// The same bytes as `envelope`, signed by the envelope itself.
  private func signedHere(
    _ envelope: SignedEnvelope, with keys: [SigningKey]
  ) throws -> SignedEnvelope {
    SignedEnvelope(
      header: try EntryHeader(parsing: envelope.header), body: envelope.body, signingWith: keys,
      sealed: envelope.sealed)
  }

  @Test func `its signatures are those that anybody verifies`() throws {
    let envelope = try store.envelope(.health(), by: [.service])

    let signed = try signedHere(envelope, with: [GoldenKey.service.signing])

    #expect(signed.signatures == envelope.signatures)
    #expect(signed.signedHere == [GoldenKey.service.keyid])
    #expect(envelope.signedHere.isEmpty)
    _ = try store.ledger.append(signed)
    try Rederivation(path: store.path).check(size: 2)
  }

  @Test func `a key that the ledger does not know is refused all the same`() throws {
    let stranger = SigningKey.generate()
    let signed = try signedHere(store.envelope(.health(), by: [.service]), with: [stranger])

    #expect(throws: AppendError.keyUnknown(KeyID(bytes: stranger.publicKey.keyid))) {
      try store.ledger.append(signed)
    }
  }

  @Test func `a key of another role is refused all the same`() throws {
    let signed = try signedHere(
      store.envelope(.health(), by: [.deployer]), with: [GoldenKey.deployer.signing])

    #expect(throws: AppendError.kindRole("health.checked.v1", roles: [.service])) {
      try store.ledger.append(signed)
    }
  }

  @Test func `a header written here keeps the rules of one that is read`() throws {
    let envelope = try store.envelope(.health(), by: [.service])
    let header = try EntryHeader(parsing: envelope.header)
    let causes = [EntryID.make(at: header.at, random: Array(repeating: 1, count: 10))]
    let repeated = header.because(causes + causes)

    #expect(
      throws: AppendError.form(
        .headerForm(.field(path: "because", expected: "without repetition")))
    ) {
      try store.ledger.append(
        SignedEnvelope(
          header: repeated, body: envelope.body, signingWith: [GoldenKey.service.signing]))
    }
  }

  @Test func `signatures that came as bytes are verified beside one that did not`() throws {
    let header = try store.envelope(.health(), by: [.service])
    let other = try store.envelope(.health(), by: [.service])
    let signed = try signedHere(header, with: [GoldenKey.service.signing])
    let forged = SignedEnvelope(
      header: header.header, body: header.body, signatures: other.signatures)

    let results = try store.ledger.append([forged, signed])

    #expect(throws: AppendError.signatureInvalid(GoldenKey.service.keyid)) {
      try results[0].get()
    }
    #expect(try results[1].get().index == 1)
  }
}

extension EntryHeader {
  fileprivate func because(_ causes: [EntryID]) -> EntryHeader {
    EntryHeader(
      actor: actor, at: at, because: causes, behalf: behalf, body: body, entry: entry,
      events: events, expects: expects, ledger: ledger, seen: seen)
  }
}
