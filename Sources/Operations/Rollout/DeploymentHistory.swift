import Events
import Projections
import Rollouts

/// One deployment as the ledger tells it: its plan, the facts its state machine was told, and the
/// steps that were begun and never finished.
///
/// Replay and recovery are both this fold followed by ``RolloutMachine``; one shows, the other goes
/// on. The same events give the same value on any machine.
package struct DeploymentHistory: Equatable, Sendable {
  package let deployment: DeploymentID
  package let application: ApplicationName
  package let environment: EnvironmentName
  package let started: DeploymentStarted
  package let startedAt: Timestamp
  /// What the machine was told, and what it led to, in the order recorded.
  package private(set) var moments: [Moment] = []
  package private(set) var instances: [Slot: InstanceName]
  /// Steps without an outcome, by number.
  package private(set) var openSteps: [Int: DeploymentStepStarted] = [:]
  package private(set) var processes: [InstanceName: ReplicaProcess] = [:]
  package private(set) var lastStep = 0
  package private(set) var end: DeploymentEnd?
  package private(set) var rollback: DeploymentRollbackStarted?

  private var steps: [Int: DeploymentStepStarted] = [:]
  private var slots: [InstanceName: Slot] = [:]

  /// One recorded event of the deployment, as a fact for the machine or as what a person should
  /// see.
  package struct Moment: Equatable, Sendable {
    package let position: Int
    package let recorded: Timestamp
    package let event: LedgerEvent
    /// What the machine is told; a decision that was recorded tells it only the time.
    package let fact: Fact

    package var timed: TimedFact { TimedFact(atMs: recorded.microseconds / 1_000, fact) }
  }

  /// - Parameter events: Of the deployment's stream, and the health checks and taken leases that
  /// name it, by position.
  /// - Returns: nil when the first event is not a readable `deployment.started`.
  package init?(_ events: some Sequence<Recorded>) {
    var events = events.drop(while: \.isAboutLease).makeIterator()
    guard let first = events.next(), case .deployment(.started(let started)) = first.event,
      let deployment = first.deployment,
      let application = first.application, let environment = first.environment
    else { return nil }
    self.deployment = deployment
    self.application = application
    self.environment = environment
    self.started = started
    startedAt = first.recorded
    let standing = started.predecessor?.running ?? []
    instances = Dictionary(
      standing.map { ($0.slot, $0.instance) }, uniquingKeysWith: { first, _ in first })
    slots = Dictionary(
      standing.map { ($0.instance, $0.slot) }, uniquingKeysWith: { first, _ in first })
    add(first, fact: .started)
    while let event = events.next() { apply(event) }
  }

  private mutating func add(_ recorded: Recorded, fact: Fact) {
    moments.append(
      Moment(
        position: recorded.position, recorded: recorded.recorded, event: recorded.event, fact: fact)
    )
  }

  private mutating func apply(_ recorded: Recorded) {
    switch recorded.event {
    case .deployment(let event): apply(event, recorded)
    case .health(.checked(let check)):
      guard check.deployment == deployment, let slot = slots[check.instance] else { return }
      add(recorded, fact: .probed(slot, ProbeResult(check)))
    case .lease(.taken(let taken)):
      // The first one came with the start; each later one is another driver's.
      guard taken.deployment == deployment, let first = moments.first,
        recorded.position > first.position
      else { return }
      add(recorded, fact: .resumed)
    case .ledger, .key, .access, .approval, .policy, .build, .configuration, .release, .health,
      .replica,
      .router, .lease, .usage, .cost, .retention, .privacy, .review, .secret, .drift, .sync,
      .unknown,
      .unreadable:
      break  // Not about this deployment's rollout.
    }
  }

  private mutating func apply(_ event: DeploymentEvent, _ recorded: Recorded) {
    switch event {
    case .started: break  // The first event was; a second one has no meaning.
    case .stepStarted(let step):
      begin(step)
      add(recorded, fact: .tick)
    case .stepFinished(let step):
      if let fact = finish(step) { add(recorded, fact: fact) }
    case .replicaExited(let exit):
      add(recorded, fact: .replicaExited(Slot(exit.slot), ReplicaExit(exit)))
    case .abortRequested:
      add(recorded, fact: .abortRequested(reason: "asked for at entry \(recorded.position)"))
    case .judged: add(recorded, fact: .tick)
    case .rollbackStarted(let begun):
      rollback = begun
      add(recorded, fact: .tick)
    case .succeeded, .rolledBack, .rollbackFailed, .failed:
      end = DeploymentEnd(event)
      add(recorded, fact: .tick)
    }
  }

  /// Whether somebody has asked for it to be turned back.
  var isAborted: Bool {
    moments.contains { moment in
      if case .abortRequested = moment.fact { true } else { false }
    }
  }

  /// How many decisions were recorded.
  var judgements: Int {
    moments.count { moment in
      if case .deployment(.judged) = moment.event { true } else { false }
    }
  }

  /// The step with a number; nil when none was begun.
  func step(_ number: Int) -> DeploymentStepStarted? { steps[number] }

  /// The step that began to start an instance; nil for one that stood before.
  func step(starting instance: InstanceName) -> Int? {
    steps.values.first { $0.action == .startReplica && $0.instance == instance }?.step
  }

  private mutating func begin(_ step: DeploymentStepStarted) {
    steps[step.step] = step
    openSteps[step.step] = step
    lastStep = max(lastStep, step.step)
    guard step.action == .startReplica, let slot = step.slots.first.map(Slot.init),
      let instance = step.instance
    else { return }
    instances[slot] = instance
    slots[instance] = slot
  }

  private mutating func finish(_ finished: DeploymentStepFinished) -> Fact? {
    openSteps[finished.step] = nil
    guard let step = steps[finished.step] else { return nil }
    if let instance = step.instance, let process = finished.process {
      processes[instance] = process
    }
    return step.fact(finished.outcome, reason: finished.reason?.text ?? "no reason recorded")
  }
}

extension Recorded {
  fileprivate var isAboutLease: Bool {
    if case .lease = event { return true }
    return false
  }
}

extension DeploymentStepStarted {
  /// What the machine is told when this step ends.
  package func fact(_ outcome: StepOutcome, reason: String) -> Fact? {
    let slots = slots.map(Slot.init)
    switch (action, outcome) {
    case (.shiftTraffic, .done): return .trafficShifted(to: slots)
    case (.shiftTraffic, .failed): return .trafficShiftFailed(to: slots, reason: reason)
    case (.startReplica, .done): return slots.first.map(Fact.replicaStarted)
    case (.startReplica, .failed):
      return slots.first.map { .replicaStartFailed($0, reason: reason) }
    case (.drainReplica, _): return slots.first.map(Fact.drained)
    case (.stopReplica, .done): return slots.first.map(Fact.stopped)
    case (.stopReplica, .failed): return nil  // Tried until its time was over; it still runs.
    }
  }
}

extension ProbeResult {
  package init(_ check: HealthChecked) {
    self.init(
      latencyMicroseconds: Int64(check.latencyUs), status: check.status,
      verdict: check.verdict == .pass ? .pass : .fail,
      reason: check.reason?.text ?? check.verdict.rawValue)
  }
}

extension ReplicaExit {
  package init(_ exited: DeploymentReplicaExited) {
    if let status = exited.status {
      self = .status(status)
    } else if let signal = exited.signal {
      self = .signal(signal)
    } else {
      self = .unknown
    }
  }
}
