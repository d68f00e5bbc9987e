/// All chance of one history: the same seed draws the same.
///
/// SplitMix64; a simulation asks it for every decision and nobody else.
package final class Chance {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// 64 bits.
  package func draw() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// 0 ..< `end`.
  ///
  /// - Precondition: `end` is positive.
  package func below(_ end: Int) -> Int { Int(draw() % UInt64(end)) }

  /// True once in `times`, on average.
  func happens(onceIn times: Int) -> Bool { below(times) == 0 }

  /// Nil from nothing.
  func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[below(elements.count)]
  }

  /// One of `choices`, each as often as its weight says.
  ///
  /// - Precondition: some weight is positive.
  func pick<Choice>(_ choices: [(weight: Int, choice: Choice)]) -> Choice {
    var left = below(choices.reduce(0) { $0 + $1.weight })
    for (weight, choice) in choices {
      guard left >= weight else { return choice }
      left -= weight
    }
    preconditionFailure("\(left) is left of all weights")
  }
}
