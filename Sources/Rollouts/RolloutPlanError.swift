/// Why there is no plan to roll out; nothing was started.
package enum RolloutPlanError: Error, Hashable {
  case numberOutOfRange(name: String, value: Int64, allowed: ClosedRange<Int64>)
  case bakeOutlastsDeadline(bakeMs: Int64, progressDeadlineMs: Int64)
  case nothingToRun
  case componentRepeated(name: String)
  /// The previous release answers requests and nothing of the new one would.
  case trafficWouldEnd
  /// Said to run, but not a replica the previous release could have.
  case predecessorSlotUnknown(Slot)
}

extension RolloutPlanError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .numberOutOfRange(let name, let value, let allowed):
      """
      Nothing was started: the rollout's \(name) is \(value), and must be in \
      \(allowed.lowerBound)...\(allowed.upperBound). Correct it under `rollout:` and run \
      `stele config validate`.
      """
    case .bakeOutlastsDeadline(let bakeMs, let progressDeadlineMs):
      """
      Nothing was started: the bake of \(bakeMs) ms is not shorter than the rollback timeout of \
      \(progressDeadlineMs) ms, so every rollout would fail. Shorten the one or lengthen the \
      other, then run `stele config validate`.
      """
    case .nothingToRun:
      """
      Nothing was started: the new release has no replica to run. Give a component at least one, \
      then run `stele config validate`.
      """
    case .componentRepeated(let name):
      """
      Nothing was started: the component \(name) is listed twice. Keep one, then run \
      `stele config validate`.
      """
    case .trafficWouldEnd:
      """
      Nothing was started: the running release takes traffic and the new one has no replica that \
      would. Give a component that takes traffic at least one replica, then run \
      `stele config validate`.
      """
    case .predecessorSlotUnknown(let slot):
      """
      Nothing was started: \(slot) is said to run, and the previous release has no such replica. \
      Run `stele recover`, then deploy again.
      """
    }
  }
}

extension RolloutPlan {
  /// What is wrong with the plan, if anything.
  var problem: RolloutPlanError? {
    if let problem = limits.problem { return problem }
    for list in [components, predecessor?.components ?? []] {
      if let problem = Self.problem(in: list) { return problem }
    }
    if newSlots.isEmpty { return .nothingToRun }
    if restored.contains(where: takesTraffic), !newSlots.contains(where: takesTraffic) {
      return .trafficWouldEnd
    }
    return predecessor?.problem
  }

  private static func problem(in components: [PlannedComponent]) -> RolloutPlanError? {
    var seen: Set<String> = []
    for component in components {
      guard seen.insert(component.name).inserted else {
        return .componentRepeated(name: component.name)
      }
      guard (0...1_000).contains(component.replicas) else {
        return .numberOutOfRange(
          name: "replicas of \(component.name)", value: Int64(component.replicas),
          allowed: 0...1_000)
      }
    }
    return nil
  }
}

extension Predecessor {
  /// A replica beyond the wanted count may run (it was scaled down since); a component the release
  /// never had may not.
  fileprivate var problem: RolloutPlanError? {
    let known = Set(components.map(\.name))
    let stranger = running.sorted().first {
      $0.generation != .previous || $0.replica < 1 || !known.contains($0.component)
    }
    let others =
      left.filter { $0.generation != .left || $0.replica < 1 }
      + serving.subtracting(running).subtracting(left)
    return (stranger ?? others.min()).map { .predecessorSlotUnknown($0) }
  }
}
