import Environments
import Events
import Platforms
import Projections
import Rollouts

/// What brings what runs back to what the ledger says, in order. Pure.
///
/// Missing replicas are started first, so that others can be taken out. Those that differ are
/// replaced behind the router, one after another; where nobody else of a component would get
/// requests, a helper does meanwhile. Whoever the ledger does not know goes last.
package struct SyncPlan: Hashable, Sendable {
  package enum Step: Hashable, Sendable {
    /// Over when it has proven to be well.
    case start(InstanceName)
    /// From then on exactly these get requests.
    case route(to: [InstanceName])
    case drain(InstanceName)
    case stop(InstanceName)
  }

  package private(set) var steps: [Step] = []
  /// Everybody that a step names, wanted or not.
  let slots: [InstanceName: Slot]

  package var isEmpty: Bool { steps.isEmpty }

  /// - Parameter scan: Of a place of which it is certain what is to run.
  init(_ scan: DriftScan, of projected: ProjectedRuntime) {
    let running = Dictionary(
      scan.replicas.map { ($0.spec.instance, $0) }, uniquingKeysWith: { first, _ in first })
    var build = Building(projected, running)
    let wanted = projected.slots.sorted { $0.value < $1.value }.map(\.key)
    let findings = scan.comparison.findings
    let differing = Set(
      findings.filter { $0.part == .replicas && $0.sort == .changed }.compactMap(\.instance))
    for instance in wanted where running[instance] == nil { build.start(instance) }
    for instance in wanted where differing.contains(instance) { build.replace(instance) }
    // A router that does not answer is brought up with what it is told.
    if build.hasNotRouted, findings.contains(where: { $0.part == .router }) { build.route() }
    for instance in running.keys.sorted() where projected.slots[instance] == nil {
      build.steps.append(.stop(instance))
    }
    steps = build.steps
    slots = build.slots
  }
}

extension SyncPlan {
  /// A plan while it is made.
  private struct Building {
    var steps: [Step] = []
    private(set) var slots: [InstanceName: Slot]
    /// Who gets requests once the steps so far are over.
    private var serving: Set<InstanceName>
    private let projected: ProjectedRuntime
    private let running: [InstanceName: RunningReplica]

    init(_ projected: ProjectedRuntime, _ running: [InstanceName: RunningReplica]) {
      self.projected = projected
      self.running = running
      let traffic = projected.traffic(of: Array(running.values))
      serving = Set(
        traffic.serving.filter { projected.takesTraffic($0.spec.component) }
          .map(\.spec.instance))
      slots = projected.slots
      var strays = 0
      for (instance, replica) in running.sorted(by: { $0.key < $1.key })
      where slots[instance] == nil {
        strays += 1
        slots[instance] = Slot(.left, replica.spec.component.rawValue, strays)
      }
    }

    var hasNotRouted: Bool {
      !steps.contains { if case .route = $0 { true } else { false } }
    }

    mutating func route() {
      guard !serving.isEmpty else { return }
      steps.append(.route(to: serving.sorted()))
    }

    mutating func start(_ instance: InstanceName) {
      steps.append(.start(instance))
      guard takesTraffic(instance) else { return }
      serving.insert(instance)
      route()
    }

    mutating func replace(_ instance: InstanceName) {
      let helper = hasDeputy(instance) || !takesTraffic(instance) ? nil : helper(for: instance)
      if let helper { start(helper) }
      end(instance)
      start(instance)
      if let helper { end(helper) }
    }

    private mutating func end(_ instance: InstanceName) {
      if serving.remove(instance) != nil {
        route()
        steps.append(.drain(instance))
      }
      steps.append(.stop(instance))
    }

    private func takesTraffic(_ instance: InstanceName) -> Bool {
      component(of: instance).map(projected.takesTraffic) ?? false
    }

    private func component(of instance: InstanceName) -> ComponentName? {
      slots[instance].flatMap { ComponentName(rawValue: $0.component) }
    }

    /// Whether somebody else of its component gets requests.
    private func hasDeputy(_ instance: InstanceName) -> Bool {
      serving.contains { $0 != instance && component(of: $0) == component(of: instance) }
    }

    /// A name that nothing has, in the next free slot beside the one whose place it takes.
    private mutating func helper(for instance: InstanceName) -> InstanceName? {
      guard let slot = slots[instance] else { return nil }
      let known = slots.values.filter { $0.component == slot.component }.map(\.replica)
      var number = (known.max() ?? 0) + 1
      while true {
        let own = Slot(slot.generation, slot.component, number)
        let name = projected.orders.instance(for: own, release: projected.running.release)
        if running[name] == nil, slots[name] == nil {
          slots[name] = own
          return name
        }
        number += 1
      }
    }
  }
}
