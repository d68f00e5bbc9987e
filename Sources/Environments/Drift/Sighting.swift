import Events

/// What was seen, or why nothing could be: no data is no value.
package enum Sighting<Value: Hashable & Sendable>: Hashable, Sendable {
  case seen(Value)
  case unseen(MachineWords)

  package var value: Value? {
    if case .seen(let value) = self { value } else { nil }
  }
}
