import Access
import CanonicalJSON
import Events

/// How often somebody was denied the same again within a minute of UTC, after the denial that was
/// recorded.
///
/// The same is an actor, an action and an environment; what else differs is merged, so that nobody
/// makes new denials by naming new applications.
struct DenialCount: ObjectValue {
  let environment: EnvironmentName?
  /// Minutes since 1970.
  let minute: Int
  /// What the next entry says; its own count is not used.
  private(set) var decided: AccessDecided
  /// Denials not recorded yet.
  private(set) var more = 0

  init(_ request: AccessRequest, _ decision: AccessDecision, at now: Timestamp) {
    environment = request.environment
    minute = now.minute
    decided = request.decided(decision)
  }

  /// Whether a denial of `request` at `now` belongs to it.
  func covers(_ request: AccessRequest, at now: Timestamp) -> Bool {
    environment == request.environment && decided.actor == request.actor
      && decided.action == request.action.code && isRunning(at: now)
  }

  /// Its minute is this one; a clock that was set back ends it too.
  func isRunning(at now: Timestamp) -> Bool { minute == now.minute }

  mutating func count(_ request: AccessRequest, _ decision: AccessDecision) {
    let reasons = decision.reasons.map(\.code).filter { !decided.reasons.contains($0) }
    decided = AccessDecided(
      action: decided.action, actor: decided.actor,
      application: decided.application == request.application ? request.application : nil,
      decision: decided.decision, reasons: decided.reasons + reasons)
    more += 1
  }

  /// What is left to record; nil when that is nothing.
  var event: DraftEvent? {
    guard more > 0 else { return nil }
    return DraftEvent(
      AccessDecided(
        action: decided.action, actor: decided.actor, application: decided.application,
        count: more, decision: decided.decision, reasons: decided.reasons),
      in: .access(environment), scope: Scope(environment: environment))
  }

  init(fields: inout FieldReader) throws(FormFault) {
    decided = try fields.take("decided")
    environment = try fields.takeOptional("environment")
    minute = try fields.take("minute", in: FieldRange.fromZero)
    more = try fields.take("more", in: FieldRange.fromZero)
  }

  func write(to fields: inout FieldWriter) {
    fields.put("decided", decided)
    fields.put("environment", environment)
    fields.put("minute", minute)
    fields.put("more", more)
  }
}

extension Timestamp {
  /// Minutes since 1970, without the rest.
  fileprivate var minute: Int { Int(microseconds / 60_000_000) }
}
