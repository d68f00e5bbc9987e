import Events
import Projections

/// Why nothing was deployed; what ran goes on running.
package enum DeploymentError: ExitingError, Equatable {
  case unknown(String)
  case configurationMissing(EnvironmentName, Int)
  case configurationMisnamed(EnvironmentName, Int)
  /// The strategy is in the schema and not yet in the product.
  case strategyMissing(EnvironmentName)
  /// Replicas, proxy and agent of an environment are those of one application.
  case occupied(Place, by: ApplicationName)
  case locked(EnvironmentName, Lease, now: Timestamp)
  case unfinished(EnvironmentName, DeploymentID)
  /// What runs is being brought back to what the ledger says.
  case synchronizing(EnvironmentName, Lease, now: Timestamp)
  case componentsDiffer(build: [ComponentName], application: [ComponentName])
  /// What the build is made of has been removed, or was never on this machine.
  case artifactGone(EnvironmentName, ComponentName, path: String)
  case nothingToRollBackTo(EnvironmentName)
  /// What serves was brought back, and nothing good is older; `before` served until then.
  case nothingOlder(EnvironmentName, than: Int, before: Int)
  /// Whatever ran healthy before what serves, `before` at last, ran the same.
  case nothingOther(EnvironmentName, than: Int, before: Int)
  case elsewhere(Selector, EnvironmentName)
  case neverGood(Selector, outcome: Releases.Outcome)
  case nothingToRecover(EnvironmentName)
  case nothingToPromote(EnvironmentName)
  case glassNotBreakable(EnvironmentName)
  case preflight([String])
  case notConfirmed(EnvironmentName)

  package typealias Lease = Leases.Lease

  package var exitStatus: ExitStatus {
    switch self {
    case .unknown, .configurationMissing, .componentsDiffer, .artifactGone: .badData
    case .configurationMisnamed: .integrity
    case .strategyMissing, .occupied: .configuration
    case .locked, .unfinished, .synchronizing: .locked
    case .nothingToRollBackTo, .nothingOlder, .nothingOther, .neverGood, .nothingToRecover,
      .nothingToPromote:
      .negative
    case .notConfirmed, .elsewhere: .usage
    case .glassNotBreakable: .deniedByPolicy
    case .preflight: .unavailable
    }
  }

  package var description: String {
    switch self {
    case .unknown(let text):
      """
      There is no deployment \(text) in this ledger.
      See the deployments there are with `stele releases ENVIRONMENT`.
      """
    case .configurationMissing(let environment, let version):
      """
      Nothing was done: configuration \(version) of \(environment) cannot be read from \
      the ledger.
      Check the ledger with `stele verify`.
      """
    case .configurationMisnamed(let environment, let version):
      """
      Nothing was started: configuration \(version) of \(environment) was recorded under the \
      digest of another.
      See who recorded it with `stele verify`.
      """
    case .strategyMissing(let environment):
      """
      Nothing was deployed: \(environment) asks for deployment.strategy canary, which Stele does \
      not have yet.
      Write blue-green or rolling in config/environments/\(environment).yaml.
      """
    case .occupied(let place, let other):
      """
      Nothing was changed: \(other) runs in \(place.environment), and \
      config/application.yaml says that this is \(place.application); an environment of a ledger \
      runs one application.
      If it is the same under a new name, write \(other) again. Another application needs a \
      project and a ledger of its own: `stele init \(place.application)` in its directory.
      """
    case .locked(let environment, let lease, let now):
      """
      Nothing was changed: deployment \(lease.deployment) holds \(environment), \
      \(lease.holding(at: now)).
      See it with `stele status \(environment)`, or turn it back with \
      `stele rollback \(environment)`.
      """
    case .synchronizing(let environment, let lease, let now):
      """
      Nothing was changed: a sync holds \(environment), \(lease.holding(at: now)).
      Try again when it is over: `stele log --kind sync.ended` shows its end. `stele rollback \
      \(environment)` does not wait for it.
      """
    case .unfinished(let environment, let deployment):
      """
      Nothing was changed: deployment \(deployment) of \(environment) never came to its end, and \
      nobody drives it any more.
      Bring it to its end with `stele recover \(environment)`.
      """
    case .componentsDiffer(let build, let application):
      """
      Nothing was deployed: the build has \(build.listed), and the application \
      \(application.listed).
      Make a build of what config/application.yaml describes with `stele build`.
      """
    case .artifactGone(let environment, let component, let path):
      """
      Nothing was changed in \(environment): the artifact of \(component) is not at \(path) any \
      more.
      Bring it back with `stele build` of the same files or from a backup, or go to another \
      release of `stele releases \(environment)` with \
      `stele rollback \(environment) --to '\(environment)#NUMBER'`.
      """
    case .nothingOlder(let environment, let serving, let before):
      """
      Nothing was rolled back: nothing that ran healthy in \(environment) is older than what \
      \(environment)#\(serving) brought back.
      Go to what served until then: `stele rollback \(environment) --to '\(environment)#\(before)'`.
      """
    case .nothingOther(let environment, let serving, let before):
      """
      Nothing was rolled back: whatever ran healthy in \(environment) before \
      \(environment)#\(serving) ran the build and the configuration that run now.
      To start them anew: `stele rollback \(environment) --to '\(environment)#\(before)'`.
      """
    case .elsewhere(let selector, let environment):
      """
      Nothing was rolled back: \(selector) is a release of another environment than \(environment).
      Name one of `stele releases \(environment)`; \
      `stele promote \(selector) \(environment)` brings its build here.
      """
    case .nothingToRollBackTo(let environment):
      """
      Nothing was rolled back: no earlier release of \(environment) ever ran healthy.
      See its releases with `stele releases \(environment)`.
      """
    case .neverGood(let selector, let outcome):
      """
      Nothing was rolled back: \(selector) never ran healthy, it is \(outcome.rawValue).
      Choose one that succeeded: `stele releases \(selector.environment)`.
      """
    case .nothingToRecover(let environment):
      """
      There is nothing to recover in \(environment): no deployment is open.
      See how the last ones ended with `stele releases \(environment)`.
      """
    case .nothingToPromote(let environment):
      """
      Nothing was promoted: nothing runs in \(environment) that was proven healthy.
      See what ran there with `stele releases \(environment)`; name one: \(environment)#NUMBER.
      """
    case .glassNotBreakable(let environment):
      """
      Nothing was deployed: config/policy.yaml lets nobody break the glass of \(environment).
      Write `breakGlass: {reviewWithinHours: 24}` there to let those who are granted responder, or \
      deploy without --break-glass.
      """
    case .preflight(let findings):
      """
      Nothing was changed, because this machine cannot run it:
      \(findings.map { "  " + $0 }.joined(separator: "\n"))
      """
    case .notConfirmed(let environment):
      """
      Nothing was changed: \(environment) was not confirmed.
      Type its name when asked, or say --yes.
      """
    }
  }
}

extension [ComponentName] {
  fileprivate var listed: String { sorted().map(\.rawValue).joined(separator: ", ") }
}

extension SelectorError: ExitingError {
  package var exitStatus: ExitStatus { .badData }
}

extension Leases.Lease {
  /// By whom, and for how long.
  fileprivate func holding(at now: Timestamp) -> String {
    "driven by \(owner) as process \(process.pid), for another "
      + "\(max(0, until.microseconds(since: now) / 1_000_000)) s unless it is renewed"
  }
}
