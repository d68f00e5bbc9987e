/// Everything a rollout decides by, fixed before it starts.
///
/// A plan that exists can be rolled out: what makes no sense was refused by
/// ``init(strategy:components:predecessor:limits:rollback:skipsWaits:isReturn:)``.
package struct RolloutPlan: Hashable, Sendable {
  /// Larger milliseconds, thresholds and counts are mistakes: 2³¹ - 1 ms are 24 days.
  package static let largestNumber: Int64 = 2_147_483_647

  package let strategy: RolloutStrategy
  /// What the new release runs, in the application's order.
  package let components: [PlannedComponent]
  /// The release to go back to; nil for the first deployment into an environment.
  package let predecessor: Predecessor?
  package let limits: RolloutLimits
  package let rollback: RollbackPolicy
  /// True for an operator's rollback: no bake, and one pass proves a replica healthy. What it
  /// restores has served before.
  package let skipsWaits: Bool
  /// True for a rollback to the predecessor itself, which is still there beside what an earlier
  /// rollout has left: the way back from there is the whole way.
  package let isReturn: Bool

  package init(
    strategy: RolloutStrategy, components: [PlannedComponent], predecessor: Predecessor?,
    limits: RolloutLimits, rollback: RollbackPolicy, skipsWaits: Bool = false,
    isReturn: Bool = false
  ) throws(RolloutPlanError) {
    self.strategy = strategy
    self.components = components
    self.predecessor = predecessor
    self.limits = limits
    self.rollback = rollback
    self.skipsWaits = skipsWaits
    self.isReturn = isReturn
    if let problem { throw problem }
  }
}

/// How the replicas of two releases change places. Canary is refused before a plan is made.
package enum RolloutStrategy: String, Hashable, Sendable, CaseIterable {
  /// All new replicas beside all old ones, then one switch.
  case blueGreen = "blue-green"
  /// A few new replicas at a time, then as many old ones fewer.
  case rolling
}

/// One component as one release wants it.
package struct PlannedComponent: Hashable, Sendable {
  package let name: String
  /// Whether the router sends requests to it. Workers take none.
  package let takesTraffic: Bool
  package let health: HealthKind
  /// How many of it run, 0...1,000.
  package let replicas: Int

  package init(name: String, takesTraffic: Bool, health: HealthKind, replicas: Int) {
    self.name = name
    self.takesTraffic = takesTraffic
    self.health = health
    self.replicas = replicas
  }

  func slots(_ generation: Slot.Generation) -> [Slot] {
    (0..<replicas).map { Slot(generation, name, $0 + 1) }
  }
}

/// What is asked to know whether a replica is well.
package enum HealthKind: String, Hashable, Sendable, CaseIterable {
  /// Its health path, over HTTP.
  case http
  /// Whether its process is there.
  case process
}

/// What runs when a rollout starts: the release that a rollback restores, and what an earlier
/// rollout, held on its way, has left beside it.
package struct Predecessor: Hashable, Sendable {
  package let components: [PlannedComponent]
  /// The replicas of it that run now. A rollback restores them and whatever else `components` want.
  package let running: Set<Slot>
  /// Replicas of releases that were held.
  package let left: Set<Slot>
  /// Those of both that requests are sent to.
  package let serving: Set<Slot>

  /// - Parameter serving: Nil for all that run of components that take traffic.
  package init(
    components: [PlannedComponent], running: Set<Slot>, left: Set<Slot> = [],
    serving: Set<Slot>? = nil
  ) {
    self.components = components
    self.running = running
    self.left = left
    self.serving =
      serving
      ?? running.filter { slot in
        components.contains { $0.name == slot.component && $0.takesTraffic }
      }
  }

  /// A predecessor of which every wanted replica runs.
  package init(wholeOf components: [PlannedComponent]) {
    self.init(components: components, running: Set(components.flatMap { $0.slots(.previous) }))
  }
}

/// Whether a failure undoes itself, from the environment's `rollback`.
package struct RollbackPolicy: Hashable, Sendable {
  package let enabled: Bool
  package let automatic: Bool

  package init(enabled: Bool, automatic: Bool) {
    self.enabled = enabled
    self.automatic = automatic
  }

  var actsByItself: Bool { enabled && automatic }
}

extension RolloutPlan {
  var newSlots: [Slot] { components.flatMap { $0.slots(.new) } }

  /// Passes in a row that prove the slot's replica healthy under this plan. The previous release
  /// was proven when it was rolled out, so one is enough for it.
  func passesNeeded(by slot: Slot) -> Int {
    switch slot.generation {
    case .previous, .left: 1
    case .new: skipsWaits ? 1 : limits.healthyThreshold
    }
  }

  var bakeMs: Int64 { skipsWaits ? 0 : limits.bakeMs }

  /// The previous release's replicas that a rollback brings back.
  var restored: [Slot] {
    guard let predecessor else { return [] }
    let wanted = predecessor.components.flatMap { $0.slots(.previous) }
    return predecessor.running.union(wanted).sorted()
  }

  /// Everything that runs before the rollout, what leaves first at the front: what nothing brings
  /// back.
  var standing: [Slot] {
    (predecessor?.left ?? []).sorted() + (predecessor?.running ?? []).sorted()
  }

  /// What goes when the rollout goes back.
  var leavingOnTheWayBack: [Slot] { (newSlots + (predecessor?.left ?? [])).sorted() }

  func takesTraffic(_ slot: Slot) -> Bool {
    let side: [PlannedComponent]
    switch slot.generation {
    case .previous: side = predecessor?.components ?? []
    case .left: return predecessor?.serving.contains(slot) == true
    case .new: side = components
    }
    return side.contains { $0.name == slot.component && $0.takesTraffic }
  }
}
