import CanonicalJSON
import Events
import Testing

@testable import Projections

/// Whose tokens count, and whom they prove.
@Suite struct IdentitiesTests {
  private let issuer: MachineWords = "https://forge.example"

  private func identities(_ events: [(AccessEvent, StreamName, Int)]) -> Identities {
    var identities = Identities()
    for (position, event) in events.enumerated() {
      identities.apply(
        Recorded(
          position: position, index: 0, recorded: Story.time(event.2),
          entry: .make(at: Story.time(0), random: [UInt8](repeating: 1, count: 10)),
          actor: Story.person, behalf: nil, scope: Scope(), stream: event.1,
          version: position + 1, event: .access(event.0)))
    }
    return identities
  }

  private func added(_ audience: MachineWords) -> AccessEvent {
    .issuerAdded(
      AccessIssuerAdded(
        issuer: issuer, audience: audience,
        keys: [IssuerKey(algorithm: .rs256, key: PublicKeyBytes(spki: [1]), kid: "a")]))
  }

  private func attested(_ number: UInt8, expires: Int) -> AccessEvent {
    .attested(
      AccessAttested(
        actor: Story.person, identity: 1,
        evidence: Digest(bytes: [UInt8](repeating: number, count: 32)), issuer: issuer,
        audience: "stele", kid: "a", jti: "token-1", issued: Story.time(0),
        expires: Story.time(expires), claims: []))
  }

  @Test func `an issuer that is added again is replaced where it is, and goes`() {
    let twice = identities([(added("one"), .issuers, 0), (added("two"), .issuers, 1)])
    #expect(twice.issuers.map(\.audience) == ["two"])
    #expect(twice.version == 2)

    let gone = identities([
      (added("one"), .issuers, 0),
      (.issuerRemoved(AccessIssuerRemoved(issuer: issuer)), .issuers, 1),
    ])
    #expect(gone.issuers == [])
    #expect(gone.issuer(issuer) == nil)
    #expect(gone.version == 2)
  }

  @Test func `a token is remembered for a day after its end, and then forgotten`() {
    let day = 24 * 3_600
    let first = Digest(bytes: [UInt8](repeating: 1, count: 32))
    let events = { (seconds: Int) in
      [
        (attested(1, expires: 0), StreamName.attestation(Story.person), 0),
        (attested(2, expires: seconds), .attestation(Story.person), seconds),
      ]
    }

    #expect(identities(events(day - 1)).attestation(first)?.position == 0)
    #expect(identities(events(day)).attestation(first) == nil)
    #expect(identities(events(1)).attestationVersion(of: Story.person) == 2)
    #expect(identities(events(day)).attestation(of: issuer, jti: "token-1")?.position == 1)
    #expect(identities(events(day)).attestation(of: issuer, jti: "token-2") == nil)
  }
}
