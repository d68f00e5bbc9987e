import Events
import Platforms
import Rollouts

/// What reaches a driver while a rollout is under way.
enum RolloutNews: Sendable {
  case tick
  case probed(Slot, InstanceName, ProbeResult)
  case ended(ReplicaEnd)
  case finished(DeploymentStepStarted, StepResult)
}

/// How one effect went.
struct StepResult: Sendable {
  let outcome: StepOutcome
  let durationMs: Int
  var reason: MachineWords?
  var replica: RunningReplica?

  func event(_ step: Int) -> DeploymentStepFinished {
    DeploymentStepFinished(
      step: step, outcome: outcome, durationMs: durationMs, reason: reason,
      process: replica.map { ReplicaProcess($0) })
  }
}

extension ReplicaProcess {
  package init(_ replica: RunningReplica) {
    self.init(
      pid: Int(replica.process.pid), port: replica.port,
      startTicks: Int(replica.process.startTicks))
  }
}
