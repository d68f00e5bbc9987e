/// One place a replica runs in during a rollout: `new orchestrator/2` is the second replica of the
/// release being rolled out.
///
/// A slot outlives the process in it: a rollback that starts `previous orchestrator/1` again fills
/// the same slot with another process.
package struct Slot: Hashable, Sendable, Comparable {
  /// Which release the replica belongs to.
  package enum Generation: String, Hashable, Sendable, CaseIterable {
    case previous
    /// One that was held before and still runs: it serves until something proven does, is brought
    /// back by nothing, and goes whichever way the rollout ends.
    case left
    case new
  }

  package let generation: Generation
  /// The component's name as the application writes it, such as `orchestrator`.
  package let component: String
  /// Counted from 1 within the component.
  package let replica: Int

  package init(_ generation: Generation, _ component: String, _ replica: Int) {
    self.generation = generation
    self.component = component
    self.replica = replica
  }

  /// Previous before left before new, by component and replica: the order of instructions.
  package static func < (left: Slot, right: Slot) -> Bool {
    (left.generation.order, left.component, left.replica)
      < (right.generation.order, right.component, right.replica)
  }
}

extension Slot: CustomStringConvertible {
  /// Such as `new orchestrator/2`.
  package var description: String { "\(generation.rawValue) \(name)" }

  /// The slot without its generation, such as `orchestrator/2`.
  package var name: String { "\(component)/\(replica)" }
}

extension Slot.Generation {
  fileprivate var order: Int {
    switch self {
    case .previous: 0
    case .left: 1
    case .new: 2
    }
  }
}

extension Collection<Slot> {
  /// The slots in order, for a sentence: `new orchestrator/1, new orchestrator/2`.
  var listed: String { sorted().map(\.description).joined(separator: ", ") }
}
