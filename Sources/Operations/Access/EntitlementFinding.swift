import Events

/// Somebody was not entitled to what they recorded.
package struct EntitlementFinding: Hashable, Sendable {
  package let position: Int
  package let actor: ActorID
  package let kind: EventKind
  /// What is wrong with it, as a clause.
  package let what: String
}

extension EntitlementFinding: CustomStringConvertible {
  package var description: String { "notEntitled: \(kind) of \(actor) \(what)" }
}
