/// Some times in order, at least one.
struct Percentiles {
  private let ordered: [Duration]

  init(_ times: [Duration]) {
    precondition(!times.isEmpty, "percentiles of no times")
    ordered = times.sorted()
  }

  var median: Measure { at(0.5) }
  /// What all but one in a hundred stay below.
  var p99: Measure { at(0.99) }

  private func at(_ share: Double) -> Measure {
    let index = Int((Double(ordered.count - 1) * share).rounded(.up))
    return .milliseconds(1_000 * ordered[index].inSeconds)
  }
}
