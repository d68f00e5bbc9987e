import Events
import Rollouts

/// Steps that a driver has begun, and what waits for what: steps about one slot keep their order,
/// so that a stop waits for the start before it, and so do switches. A switch waits for nothing
/// else: whom it names is proven, and may be draining yet.
struct StepsUnderWay {
  private var chains: [Slot: Task<Void, Never>] = [:]
  private var lastSwitch: Task<Void, Never>?
  private var results: [Int: (action: StepAction, result: Task<StepResult, Never>)] = [:]

  /// - Parameters:
  ///   - perform: Carries the step out.
  ///   - report: Told of the outcome, when it is there.
  mutating func add(
    _ step: DeploymentStepStarted, perform: @escaping @Sendable () async -> StepResult,
    report: @escaping @Sendable (StepResult) -> Void
  ) {
    let slots = step.slots.map(Slot.init)
    let isSwitch = step.action == .shiftTraffic
    let before = isSwitch ? [lastSwitch].compactMap(\.self) : slots.compactMap { chains[$0] }
    let result = Task {
      for earlier in before { await earlier.value }
      return await perform()
    }
    results[step.step] = (step.action, result)
    let task = Task { report(await result.value) }
    if isSwitch { lastSwitch = task } else { for slot in slots { chains[slot] = task } }
  }

  /// Takes note that a step's outcome is recorded.
  ///
  /// - Returns: Whether it was not before.
  mutating func finish(_ number: Int) -> Bool { results.removeValue(forKey: number) != nil }

  /// The outcomes that an end waits for, so that the ledger knows what runs and where requests go.
  var awaited: [(number: Int, result: Task<StepResult, Never>)] {
    results.filter { $0.value.action == .startReplica || $0.value.action == .shiftTraffic }
      .map { ($0.key, $0.value.result) }.sorted { $0.number < $1.number }
  }
}
