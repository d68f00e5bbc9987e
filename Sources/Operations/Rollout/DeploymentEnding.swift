import Events
import Rollouts

/// The event that ends a deployment, for the outcome that its state machine came to.
struct DeploymentEnding {
  let draft: DraftEvent

  init(
    _ outcome: Outcome, history: DeploymentHistory, rollbackRelease: Int?, wasAborted: Bool,
    durationMs: Int
  ) {
    let release = history.started.release
    let restores = history.started.predecessor?.release ?? release
    switch outcome {
    case .succeeded:
      draft = history.draft(DeploymentSucceeded(durationMs: durationMs, release: release))
    case .rolledBack(let reason):
      draft = history.draft(
        DeploymentRolledBack(
          durationMs: durationMs, release: rollbackRelease ?? release, restored: restores,
          reason: MachineWords(reason)))
    case .rollbackFailed(let reason):
      draft = history.draft(
        DeploymentRollbackFailed(
          durationMs: durationMs, release: rollbackRelease ?? release, restores: restores,
          reason: MachineWords(reason)))
    case .held(let reason):
      draft = history.draft(
        DeploymentFailed(
          durationMs: durationMs, release: release, outcome: .held, reason: MachineWords(reason)))
    case .stopped(let reason):
      draft = history.draft(
        DeploymentFailed(
          durationMs: durationMs, release: release, outcome: wasAborted ? .aborted : .stopped,
          reason: MachineWords(reason)))
    }
  }
}

extension DeploymentHistory {
  /// An event about this deployment, in the stream that its kind belongs to.
  func draft(_ payload: some EventPayload) -> DraftEvent {
    let stream: StreamName =
      switch type(of: payload).kind.family {
      case "lease": .lease(application, environment)
      case "release": .release(application, environment)
      case "configuration": .configuration(application, environment)
      case "health": .health(application, environment)
      default: .deployment(deployment)
      }
    return DraftEvent(
      payload, in: stream, scope: Scope(application: application, environment: environment))
  }
}

extension DeploymentJudged {
  init(_ judgement: Judgement) {
    self.init(
      decision: .init(judgement.decision), verdict: .init(judgement.verdict),
      reason: MachineWords(judgement.reason), phase: .init(stringLiteral: judgement.phase.rawValue))
  }
}

extension RolloutDecision {
  init(_ decision: Judgement.Decision) {
    switch decision {
    case .proceed: self = .proceed
    case .rollBack: self = .rollBack
    case .hold: self = .hold
    case .stop: self = .stop
    }
  }
}

extension HealthJudgement {
  init(_ verdict: Judgement.Verdict) {
    switch verdict {
    case .healthy: self = .healthy
    case .unhealthy: self = .unhealthy
    case .inconclusive: self = .inconclusive
    }
  }
}

extension ReplicaExit {
  /// nil unless it returned.
  var status: Int? {
    switch self {
    case .status(let status): status
    case .signal, .unknown: nil
    }
  }

  /// nil unless a signal ended it.
  var signal: Int? {
    switch self {
    case .signal(let signal): signal
    case .status, .unknown: nil
    }
  }
}
