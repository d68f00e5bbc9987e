import CanonicalJSON

/// What the numbers say about a release.
package enum HealthJudgement: String, WordValue {
  case healthy
  case unhealthy
  /// No data is never a pass.
  case inconclusive
}

/// What a rollout does because of them.
package enum RolloutDecision: String, WordValue {
  case proceed
  case rollBack
  case hold
  case stop
}

/// A rollout came to a point where it goes on, back, or nowhere, and says why.
package struct DeploymentJudged: EventPayload {
  package static let kind: EventKind = "deployment.judged.v1"

  package let decision: RolloutDecision
  /// Where in the rollout: `verify`, `bake`.
  package let phase: Code
  /// The numbers against the limits, in a sentence.
  package let reason: MachineWords
  package let verdict: HealthJudgement

  package init(
    decision: RolloutDecision, verdict: HealthJudgement, reason: MachineWords, phase: Code
  ) {
    self.decision = decision
    self.phase = phase
    self.reason = reason
    self.verdict = verdict
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    decision = try fields.take("decision")
    phase = try fields.take("phase")
    reason = try fields.take("reason")
    verdict = try fields.take("verdict")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("decision", decision)
    fields.put("phase", phase)
    fields.put("reason", reason)
    fields.put("verdict", verdict)
  }
}

/// Somebody wants a running rollout to end; whoever drives it obeys at the next step.
package struct DeploymentAbortRequested: EventPayload {
  package static let kind: EventKind = "deployment.abort_requested.v1"

  package let reason: Sealed?

  package init(reason: Sealed? = nil) { self.reason = reason }

  package init(fields: inout FieldReader) throws(FormFault) {
    reason = try fields.takeOptional("reason")
  }

  package func write(to fields: inout FieldWriter) { fields.put("reason", reason) }
}
