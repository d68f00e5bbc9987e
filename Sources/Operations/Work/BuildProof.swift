import CanonicalJSON
import Environments
import Events
import Projections

/// That a build has to have run healthy in an environment, and the release that shows that it has.
package struct BuildProof: Hashable, Sendable {
  package let build: ContentDigest
  /// Where it has to have run.
  package let environment: KnownEnvironment
  /// The newest release that ran it there and was good; nil when none has.
  package let release: Int?
  /// The newest release that was to run it there, where none was good; nil when there is none.
  package let tried: Int?

  /// All that is asked of a build before it runs in a place: pure.
  ///
  /// - Parameter source: Where it is promoted from; nil for a mere deployment.
  package static func all(
    of build: ContentDigest, in place: Place, from source: KnownEnvironment?,
    by policy: Policy, _ state: LedgerState
  ) -> [BuildProof] {
    guard let target = KnownEnvironment(place.environment) else { return [] }
    let rule = policy.promotion(of: target)
    var environments: [KnownEnvironment] = []
    if let source, rule != .any { environments.append(source) }
    if let previous = target.previous, rule == .required, previous != source {
      environments.append(previous)
    }
    return environments.map { environment in
      let own = state.releases.all(in: Place(place.application, environment.name))
        .filter { $0.build == build && $0.deployment != nil }
      let good = own.last { $0.outcome.isGood }?.number
      return BuildProof(
        build: build, environment: environment, release: good,
        tried: good == nil ? own.last?.number : nil)
    }
  }

  /// As `policy.decided` names it.
  func rule(of target: KnownEnvironment) -> String { "\(target)/promotion" }

  /// As `policy.decided` has it.
  func recorded(in target: KnownEnvironment) -> JSONObject {
    [
      "condition": .string(PromotionRule.condition), "field": "build",
      "id": .string(rule(of: target)),
      "value": .string(environment.rawValue),
    ]
  }

  /// What the answer rests on; nothing where there is none.
  func grounds(in place: Place) -> DecisionGrounds {
    var grounds = DecisionGrounds(Place(place.application, environment.name))
    grounds.builds = [build]
    grounds.releasesFrom = release
    return grounds
  }
}
