import CanonicalJSON
import Events

/// What is wanted in each place: every configuration that was applied, by version.
package struct Configurations: Projection {
  package struct Applied: Hashable, Sendable {
    /// From 1, dense within its place.
    package let version: Int
    package let position: Int
    package let recorded: Timestamp
    package let actor: ActorID
    package let digest: ContentDigest
    package let configuration: JSONObject
    package let difference: [FieldDifference]
  }

  private var byPlace: [Place: [Applied]] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .configuration(let applied) = recorded.event, let place = Place(recorded) else {
      return
    }
    byPlace[place, default: []].append(
      Applied(
        version: recorded.version, position: recorded.position, recorded: recorded.recorded,
        actor: recorded.actingFor, digest: applied.digest, configuration: applied.configuration,
        difference: applied.difference))
  }

  package func latest(in place: Place) -> Applied? { byPlace[place]?.last }

  package func version(_ version: Int, in place: Place) -> Applied? {
    byPlace[place]?.first { $0.version == version }
  }

  package func all(in place: Place) -> [Applied] { byPlace[place] ?? [] }
}
