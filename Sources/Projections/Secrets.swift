import CanonicalJSON
import Events

/// Which secrets each place has, in which versions, and who can open them; no value of any.
package struct Secrets: Projection {
  package static let name = "secrets"
  package static let revision = 1

  private var byPlace: [Place: [Secret]] = [:]
  private var recipientsByPlace: [Place: [Recipient]] = [:]
  private var versions: [Place: Int] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .secret(let event) = recorded.event, let place = Place(recorded) else { return }
    versions[place] = recorded.version
    switch event {
    case .set(let set): take(set, recorded, in: place)
    case .retired(let retired): change(retired.name, in: place) { $0.retire(retired.through) }
    case .removed(let removed): change(removed.name, in: place) { $0.retire(.max) }
    case .recipientAdded(let added):
      recipientsByPlace[place, default: []].append(Recipient(added.recipient, recorded))
    case .recipientRemoved(let removed):
      recipientsByPlace[place]?.removeAll { $0.content == removed.recipient }
    }
  }

  private mutating func take(_ set: SecretSet, _ recorded: Recorded, in place: Place) {
    if secret(set.name, in: place) == nil {
      byPlace[place, default: []].append(Secret(name: set.name))
    }
    change(set.name, in: place) { $0.versions.append(Version(set, recorded)) }
  }

  private mutating func change(
    _ name: SecretName, in place: Place, _ change: (inout Secret) -> Void
  ) {
    guard let index = byPlace[place]?.firstIndex(where: { $0.name == name }) else { return }
    change(&byPlace[place, default: []][index])
  }

  /// Places that ever had one, ascending.
  package var places: [Place] { byPlace.keys.sorted() }

  /// Those that are there, by name; what was removed is not.
  package func all(in place: Place) -> [Secret] {
    (byPlace[place] ?? []).filter { $0.newest != nil }.sorted { $0.name < $1.name }
  }

  /// What the ledger knows of a name, also after it was removed.
  package func secret(_ name: SecretName, in place: Place) -> Secret? {
    byPlace[place]?.first { $0.name == name }
  }

  /// In the order in which they were added.
  package func recipients(in place: Place) -> [Recipient] { recipientsByPlace[place] ?? [] }

  /// The version of the place's stream.
  package func version(in place: Place) -> Int { versions[place] ?? 0 }

  package init(fields: inout FieldReader) throws(FormFault) {
    byPlace = try fields.take("byPlace")
    recipientsByPlace = try fields.take("recipients")
    versions = try fields.take("versions")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("byPlace", byPlace)
    fields.put("recipients", recipientsByPlace)
    fields.put("versions", versions)
  }
}

extension Secrets {
  /// One name in one place.
  package struct Secret: Hashable, Sendable {
    package let name: SecretName
    /// Ascending; retired ones too.
    package internal(set) var versions: [Version] = []

    init(name: SecretName) { self.name = name }

    /// The one that a deployment gets; nil when it was removed.
    package var newest: Version? { versions.last.flatMap { $0.isRetired ? nil : $0 } }
    /// Those that a rollback may bring back.
    package var kept: [Version] { versions.filter { !$0.isRetired } }
    /// The number of the next.
    package var next: Int { (versions.last?.number ?? 0) + 1 }

    package func version(_ number: Int) -> Version? { versions.last { $0.number == number } }

    mutating func retire(_ through: Int) {
      for index in versions.indices where versions[index].number <= through {
        versions[index].isRetired = true
      }
    }
  }

  package struct Version: Hashable, Sendable {
    package let number: Int
    package let hmac: Digest
    package let actor: ActorID
    package let position: Int
    package let recorded: Timestamp
    package internal(set) var isRetired = false

    init(_ set: SecretSet, _ recorded: Recorded) {
      number = set.version
      hmac = set.hmac
      actor = recorded.actingFor
      position = recorded.position
      self.recorded = recorded.recorded
    }
  }

  package struct Recipient: Hashable, Sendable {
    package let content: SecretRecipient
    package let actor: ActorID
    package let position: Int
    package let recorded: Timestamp

    init(_ content: SecretRecipient, _ recorded: Recorded) {
      self.content = content
      actor = recorded.actingFor
      position = recorded.position
      self.recorded = recorded.recorded
    }
  }
}

/// What is found in two environments, and should be in one.
extension Secrets {
  /// Where the same value is kept, in other environments than `place`'s.
  package func others(with hmac: Digest, than place: Place) -> [(place: Place, name: SecretName)] {
    places.filter { $0.environment != place.environment }.flatMap { other in
      all(in: other).filter { $0.kept.contains { $0.hmac == hmac } }.map { (other, $0.name) }
    }
  }

  /// Other environments that the same recipient opens.
  package func others(openedBy recipient: SecretRecipient, than place: Place) -> [Place] {
    recipientsByPlace.keys.sorted().filter { other in
      other.environment != place.environment
        && recipients(in: other).contains { $0.content == recipient }
    }
  }
}

extension Secrets.Secret: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    name = try fields.take("name")
    versions = try fields.take("versions")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("name", name)
    fields.put("versions", versions)
  }
}

extension Secrets.Version: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    hmac = try fields.take("hmac")
    number = try fields.take("number", in: FieldRange.fromOne)
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
    isRetired = try fields.take("retired")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("hmac", hmac)
    fields.put("number", number)
    fields.put("position", position)
    fields.put("recorded", recorded)
    fields.put("retired", isRetired)
  }
}

extension Secrets.Recipient: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    content = try fields.take("content")
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("content", content)
    fields.put("position", position)
    fields.put("recorded", recorded)
  }
}
