/// Where a rollout is, in one word.
package enum RolloutPhase: String, Hashable, Sendable, CaseIterable {
  /// Not begun.
  case waiting
  /// Replicas are being started and proven healthy.
  case starting
  /// Requests are being sent elsewhere.
  case shifting
  /// The new release serves and is watched before the previous one is given up.
  case baking
  /// Old replicas answer their last requests.
  case draining
  /// Old replicas are being stopped.
  case stopping
  /// The previous release is being brought back.
  case restoring
  /// What a failed first deployment had started is being stopped.
  case clearing
  /// Over.
  case settled
}
