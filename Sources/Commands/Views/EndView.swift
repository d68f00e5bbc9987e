import CanonicalJSON
import Events
import Operations
import Projections

/// How a deployment ended, and what to do now.
struct EndView {
  let end: DeploymentEnd
  let place: Place
  let state: LedgerState
  /// Whether somebody asked for what the environment is now.
  let isAsWanted: Bool

  /// The newest release of the place and what runs.
  var document: Document {
    let running = state.running.running(in: place)
    var fields: JSONObject = [
      "environment": .string(place.environment.rawValue), "outcome": .string(end.word),
      "reason": .string(reason),
    ]
    fields["running"] = running.map { .integer(Int64($0.release)) }
    fields["build"] = running.map { .string($0.build.description) }
    return Document(
      schema: "stele.deploy", fields: fields, records: [fields], text: text)
  }

  private var reason: String {
    switch end {
    case .succeeded: "proven healthy"
    case .rolledBack(_, let reason), .rollbackFailed(let reason), .failed(_, let reason): reason
    }
  }

  private var text: [Passage] {
    let environment = place.environment.rawValue
    switch end {
    case .succeeded:
      return ["\(serving) serves build \(build), proven healthy.", .line(undo)]
    case .rolledBack(let restored, let reason):
      return [
        "Rolled back: \(reason.sentence)",
        "\(serving) serves what \(environment)#\(restored) was; the service is safe.",
        .line(isAsWanted ? undo : seeWhy),
      ]
    case .rollbackFailed(let reason):
      return [
        "ROLLBACK FAILED: \(reason.sentence)",
        "Nobody knows what serves; look now: stele status \(environment)",
        "Then go back: stele rollback \(environment); or on: stele deploy \(environment)",
      ]
    case .failed(.held, let reason):
      return [
        "Held: \(reason.sentence)",
        "See what runs of both releases: stele status \(environment)",
        "Go back: stele rollback \(environment)",
      ]
    case .failed(.stopped, let reason):
      return ["Failed and stopped: \(reason.sentence)", "Nothing ran here before.", .line(seeWhy)]
    case .failed(.aborted, let reason):
      return ["Aborted: \(reason.sentence)", "See what runs: stele status \(environment)"]
    }
  }

  private var serving: String {
    state.running.running(in: place).map { "\(place.environment)#\($0.release)" } ?? "nothing"
  }

  private var build: String { state.running.running(in: place)?.build.shortText ?? "-" }

  private var undo: String {
    let environment = place.environment.rawValue
    let running = state.running.running(in: place)?.release
    guard let before = state.releases.served(before: running, in: place) else {
      return "See it: stele status \(environment)"
    }
    // After a rollback the default goes further back, not forward again.
    let isDefault = state.releases.rollbackTarget(in: place)?.number == before.number
    return "Undo: stele rollback \(environment)"
      + (isDefault ? "" : " --to '\(environment)#\(before.number)'")
  }

  private var seeWhy: String { "See why: stele replay \(lastDeployment)" }

  private var lastDeployment: String {
    state.deployments.latest(in: place).map { "\($0.id)" } ?? place.environment.rawValue
  }
}

extension String {
  /// With one full stop, whether it came as a sentence or not.
  fileprivate var sentence: String { hasSuffix(".") ? self : self + "." }
}
