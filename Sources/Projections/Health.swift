import CanonicalJSON
import Events

extension HealthStates {
  /// What is known last about the health of one instance.
  package struct Health: Hashable, Sendable {
    package let component: ComponentName
    package private(set) var state: HealthState = .unknown
    /// Since when it has been in that state, by the log's clock.
    package private(set) var since: Timestamp
    /// Why it failed last, or changed last; absent while every probe has passed.
    package private(set) var reason: MachineWords?
    /// Of the last probe; absent before the first.
    package private(set) var latencyUs: Int?
    /// Of the last probe's answer.
    package private(set) var status: Int?
    /// How many probes in a row said the same.
    package private(set) var streak = 0
    /// The last entry that said anything about it.
    package private(set) var position: Int

    init(component: ComponentName, since: Timestamp, position: Int) {
      self.component = component
      self.since = since
      self.position = position
    }
  }
}

extension HealthStates.Health {
  /// Takes in one probe.
  mutating func take(
    _ verdict: ProbeVerdict, latencyUs: Int, status: Int?, reason: MachineWords?, at moment: When
  ) {
    let found: HealthState = verdict == .pass ? .healthy : .unhealthy
    streak = state == found ? streak + 1 : 1
    self.latencyUs = latencyUs
    self.status = status
    if let reason { self.reason = reason }
    enter(found, at: moment)
  }

  mutating func take(_ event: HealthEvent, at moment: When) {
    switch event {
    case .checked(let check):
      take(
        check.verdict, latencyUs: check.latencyUs, status: check.status, reason: check.reason,
        at: moment)
    case .changed(let change):
      reason = change.reason
      enter(change.to, at: moment)
    case .summarized(let window):
      let isWell = window.failures == 0 && window.passes > 0
      enter(isWell ? .healthy : state, at: moment)
    }
  }

  private mutating func enter(_ state: HealthState, at moment: When) {
    position = moment.position
    if state != self.state { since = moment.recorded }
    self.state = state
  }

  /// Where in the ledger, and when by its clock.
  struct When {
    let position: Int
    let recorded: Timestamp
  }
}

extension HealthStates.Health: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    component = try fields.take("component")
    latencyUs = try fields.takeOptional("latencyUs", in: FieldRange.fromZero)
    position = try fields.take("position", in: FieldRange.fromZero)
    reason = try fields.takeOptional("reason")
    since = try fields.take("since")
    state = try fields.take("state")
    status = try fields.takeOptional("status", in: FieldRange.fromZero)
    streak = try fields.take("streak", in: FieldRange.fromZero)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("component", component)
    fields.put("latencyUs", latencyUs)
    fields.put("position", position)
    fields.put("reason", reason)
    fields.put("since", since)
    fields.put("state", state)
    fields.put("status", status)
    fields.put("streak", streak)
  }
}
