import Events

/// What is known of each instance's health between rollouts, as the agent saw it change.
package struct HealthStates: Projection {
  package struct Health: Hashable, Sendable {
    package let component: ComponentName
    package let state: HealthState
    package let since: Timestamp
    package let reason: MachineWords
  }

  private var byPlace: [Place: [InstanceName: Health]] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard let place = Place(recorded) else { return }
    switch recorded.event {
    case .health(.changed(let changed)):
      byPlace[place, default: [:]][changed.instance] = Health(
        component: changed.component, state: changed.to, since: recorded.recorded,
        reason: changed.reason)
    case .deployment(.started):
      byPlace[place] = nil  // Other instances from here on; the rollout keeps its own account.
    case .ledger, .key, .access, .approval, .build, .configuration, .release, .deployment, .health,
      .replica, .lease, .usage, .cost, .retention, .privacy, .unknown, .unreadable:
      break
    }
  }

  package func instances(in place: Place) -> [InstanceName: Health] { byPlace[place] ?? [:] }
}
