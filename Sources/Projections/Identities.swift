import CanonicalJSON
import Events

/// Whose tokens count, whom they prove, and which were shown.
package struct Identities: Projection {
  package static let name = "identities"
  package static let revision = 2
  /// How long an expired token is remembered: as long as one may count, so that no other token of
  /// its ``AccessAttested/jti`` can come after it.
  package static let rememberedMs = AccessAttested.lifetimeMs

  /// In the order they were first added.
  package private(set) var issuers: [Issuer] = []
  /// The version of the stream of issuers.
  package private(set) var version = 0
  private var byActor: [ActorID: [Identity]] = [:]
  private var attestations: [Digest: Attestation] = [:]
  private var attestationVersions: [ActorID: Int] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .access(let event) = recorded.event else { return }
    switch event {
    case .issuerAdded(let added):
      version = recorded.version
      let issuer = Issuer(added, in: recorded)
      if let index = index(of: added.issuer) {
        issuers[index] = issuer
      } else {
        issuers.append(issuer)
      }
    case .issuerRemoved(let removed):
      version = recorded.version
      issuers.removeAll { $0.issuer == removed.issuer }
    case .identityAdded(let added):
      byActor[added.actor, default: []].append(Identity(added, in: recorded))
    case .identityRemoved(let removed):
      byActor[removed.actor]?.removeAll { $0.number == removed.identity }
    case .attested(let attested):
      attestationVersions[attested.actor] = recorded.version
      attestations = attestations.filter {
        recorded.recorded < $0.value.content.expires.adding(milliseconds: Self.rememberedMs)
      }
      attestations[attested.evidence] = Attestation(
        content: attested, key: issuer(attested.issuer)?.key(attested.kid),
        position: recorded.position)
    case .granted, .withdrawn, .suspended, .reinstated, .reviewed, .decided:
      break  // Says what somebody may do, not who they are.
    }
  }

  private func index(of issuer: MachineWords) -> Int? {
    issuers.firstIndex { $0.issuer == issuer }
  }

  package func issuer(_ name: MachineWords) -> Issuer? { index(of: name).map { issuers[$0] } }

  /// In the order they were added.
  package func of(_ actor: ActorID) -> [Identity] { byActor[actor] ?? [] }

  /// Everybody whom a token can prove.
  package var actors: [ActorID] { byActor.filter { !$0.value.isEmpty }.keys.sorted() }

  package var all: [Identity] {
    byActor.values.joined().sorted { ($0.position, $0.actor) < ($1.position, $1.actor) }
  }

  /// The token of this digest; long after it has expired it is forgotten.
  package func attestation(_ evidence: Digest) -> Attestation? { attestations[evidence] }

  /// The token that an issuer calls so, whatever its bytes.
  package func attestation(of issuer: MachineWords, jti: MachineWords) -> Attestation? {
    attestations.values.first { $0.content.issuer == issuer && $0.content.jti == jti }
  }

  /// The version of the stream of somebody's tokens.
  package func attestationVersion(of actor: ActorID) -> Int { attestationVersions[actor] ?? 0 }

  package init(fields: inout FieldReader) throws(FormFault) {
    attestations = try fields.take("attestations")
    attestationVersions = try fields.take("attestationVersions")
    byActor = try fields.take("byActor")
    issuers = try fields.take("issuers")
    version = try fields.take("version", in: FieldRange.fromZero)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("attestations", attestations)
    fields.put("attestationVersions", attestationVersions)
    fields.put("byActor", byActor)
    fields.put("issuers", issuers)
    fields.put("version", version)
  }
}

extension Identities {
  /// Whose tokens count, as it was last said.
  package struct Issuer: Hashable, Sendable {
    package let issuer: MachineWords
    package let audience: MachineWords
    package let keys: [IssuerKey]
    package let position: Int
    package let recorded: Timestamp
    /// Who said so.
    package let by: ActorID

    package func key(_ kid: MachineWords) -> IssuerKey? { keys.first { $0.kid == kid } }

    init(_ added: AccessIssuerAdded, in entry: Recorded) {
      issuer = added.issuer
      audience = added.audience
      keys = added.keys
      position = entry.position
      recorded = entry.recorded
      by = entry.actor
    }
  }

  /// Whom a token proves, and by which claims.
  package struct Identity: Hashable, Sendable {
    package let actor: ActorID
    package let issuer: MachineWords
    package let claims: [TokenClaim]
    /// Among all that was said of the actor's access, from 1: the version in their stream.
    package let number: Int
    package let position: Int
    package let recorded: Timestamp
    /// Who said so.
    package let by: ActorID

    init(_ added: AccessIdentityAdded, in entry: Recorded) {
      actor = added.actor
      issuer = added.issuer
      claims = added.claims
      number = entry.version
      position = entry.position
      recorded = entry.recorded
      by = entry.actor
    }
  }

  /// A token that was shown, and where that is recorded.
  package struct Attestation: Hashable, Sendable {
    package let content: AccessAttested
    /// The one that was trusted then under the name that the token gives; nil where none was.
    package let key: IssuerKey?
    package let position: Int
  }
}

extension Identities.Issuer: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    audience = try fields.take("audience")
    by = try fields.take("by")
    issuer = try fields.take("issuer")
    keys = try fields.take("keys")
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("audience", audience)
    fields.put("by", by)
    fields.put("issuer", issuer)
    fields.put("keys", keys)
    fields.put("position", position)
    fields.put("recorded", recorded)
  }
}

extension Identities.Identity: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    by = try fields.take("by")
    claims = try fields.take("claims")
    issuer = try fields.take("issuer")
    number = try fields.take("number", in: FieldRange.fromOne)
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("by", by)
    fields.put("claims", claims)
    fields.put("issuer", issuer)
    fields.put("number", number)
    fields.put("position", position)
    fields.put("recorded", recorded)
  }
}

extension Identities.Attestation: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    content = try fields.take("content")
    key = try fields.takeOptional("key")
    position = try fields.take("position", in: FieldRange.fromZero)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("content", content)
    fields.put("key", key)
    fields.put("position", position)
  }
}
