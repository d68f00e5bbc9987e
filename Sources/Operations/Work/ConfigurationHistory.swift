import CanonicalJSON
import Environments
import Events
import Projections

/// Which recorded configuration gave each field of a place the value that its files say now.
package struct ConfigurationHistory: Sendable {
  /// Who said it first, and with which release.
  package struct Change: Hashable, Sendable {
    /// Of the place's configuration.
    package let version: Int
    package let release: Int
    package let actor: ActorID
    package let recorded: Timestamp
  }

  private var byPath: [String: Change] = [:]
  /// What the newest recorded configuration says, by path.
  private var latest: [String: JSONValue] = [:]
  private let wanted: [String: JSONValue]

  /// - Parameter state: Nil where there is no ledger, so that nothing was recorded.
  package init(of configuration: ResolvedConfiguration, in state: LedgerState?) {
    wanted = Self.values(of: configuration.recorded)
    if let state { follow(configuration.place, in: state, upTo: .max) }
  }

  /// Of what was recorded, when it was.
  package init(of applied: Configurations.Applied, in place: Place, _ state: LedgerState) {
    wanted = Self.values(of: applied.configuration)
    follow(place, in: state, upTo: applied.version)
  }

  private mutating func follow(_ place: Place, in state: LedgerState, upTo version: Int) {
    let releases = state.releases.all(in: place)
    for applied in state.configurations.all(in: place).prefix(while: { $0.version <= version }) {
      latest = Self.values(of: applied.configuration)
      guard let release = releases.first(where: { $0.configurationVersion == applied.version })
      else { continue }
      let change = Change(
        version: applied.version, release: release.number, actor: applied.actor,
        recorded: applied.recorded)
      for field in applied.difference { byPath[field.path.text] = change }
    }
  }

  /// Nil where no release has the value.
  ///
  /// - Parameter path: As it is recorded: `deployment.healthCheckIntervalMs`.
  package func change(of path: String) -> Change? {
    guard let value = wanted[path], value == latest[path] else { return nil }
    return byPath[path]
  }

  /// Whether a release says anything of it: where a build comes from, for one, none does.
  package func isRecorded(_ path: String) -> Bool { wanted[path] != nil }

  private static func values(of configuration: JSONObject) -> [String: JSONValue] {
    Dictionary(
      ConfigurationDifference.all(from: nil, to: configuration).map { field in
        (field.path, field.after ?? .null)
      }, uniquingKeysWith: { first, _ in first })
  }
}
