/// One figure: our work and its limit, measured by turns.
protocol Comparison {
  /// What is done, and in which size.
  var name: String { get }
  /// What it is held against.
  var limit: String { get }
  var bar: Bar { get }

  /// Does our work once and measures it.
  func measureWork() async throws -> Measure
  /// Does what the limit stands for once and measures it.
  func measureLimit() async throws -> Measure
}

/// What one measurement gave.
enum Measure: Hashable {
  /// How often in a second; more is better.
  case perSecond(Double)
  /// How long once; less is better.
  case milliseconds(Double)

  var value: Double {
    switch self {
    case .perSecond(let rate): rate
    case .milliseconds(let time): time
    }
  }

  /// The rate of `count` pieces of work done in `body`.
  static func rate(of count: Int, _ body: () async throws -> Void) async rethrows -> Measure {
    let seconds = try await ContinuousClock().measure(body).inSeconds
    return .perSecond(Double(count) / seconds)
  }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

/// What a figure must reach to be good.
enum Bar: Hashable {
  /// Work's rate divided by the limit's.
  case ratio(atLeast: Double)
  /// Milliseconds that the work may take longer than the limit.
  case over(atMostMilliseconds: Double)

  /// The number that is compared with the bar, for one round.
  func number(work: Measure, limit: Measure) -> Double {
    switch self {
    case .ratio: work.value / limit.value
    case .over: work.value - limit.value
    }
  }

  func isMet(by number: Double) -> Bool {
    switch self {
    case .ratio(let least): number >= least
    case .over(let most): number <= most
    }
  }
}
