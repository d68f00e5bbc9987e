import CanonicalJSON
import Events

/// What is wanted in each place: every configuration that was applied, by version.
package struct Configurations: Projection {
  package static let name = "configurations"
  package static let revision = 1

  private var byPlace: [Place: [Applied]] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .configuration(let applied) = recorded.event, let place = Place(recorded) else {
      return
    }
    byPlace[place, default: []].append(
      Applied(
        version: recorded.version, position: recorded.position, recorded: recorded.recorded,
        actor: recorded.actingFor, content: applied))
  }

  /// The desired one.
  package func latest(in place: Place) -> Applied? { byPlace[place]?.last }

  package func version(_ version: Int, in place: Place) -> Applied? {
    byPlace[place]?.last { $0.version == version }
  }

  /// Who recorded those after `version`: what a plan would bring of them is theirs.
  package func authors(after version: Int, in place: Place) -> Set<ActorID> {
    Set(all(in: place).filter { $0.version > version }.map(\.actor))
  }

  /// By version, ascending; those that cannot be read are missing.
  package func all(in place: Place) -> [Applied] { byPlace[place] ?? [] }

  package init(fields: inout FieldReader) throws(FormFault) {
    byPlace = try fields.take("byPlace")
  }
  package func write(to fields: inout FieldWriter) { fields.put("byPlace", byPlace) }
}

extension Configurations {
  package struct Applied: Hashable, Sendable {
    /// From 1, dense within its place.
    package let version: Int
    package let position: Int
    package let recorded: Timestamp
    package let actor: ActorID
    let content: ConfigurationApplied

    init(
      version: Int, position: Int, recorded: Timestamp, actor: ActorID,
      content: ConfigurationApplied
    ) {
      self.version = version
      self.position = position
      self.recorded = recorded
      self.actor = actor
      self.content = content
    }

    package var digest: ContentDigest { content.digest }
    package var configuration: JSONObject { content.configuration }
    package var difference: [FieldDifference] { content.difference }
  }
}

extension Configurations.Applied: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    let packed: Packed<ConfigurationApplied> = try fields.take("content")
    content = packed.value
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
    version = try fields.take("version", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("content", Packed(content))
    fields.put("position", position)
    fields.put("recorded", recorded)
    fields.put("version", version)
  }
}
