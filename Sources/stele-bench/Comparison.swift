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
  /// How much room; less is better.
  case mebibytes(Double)

  var value: Double {
    switch self {
    case .perSecond(let rate): rate
    case .milliseconds(let time): time
    case .mebibytes(let room): room
    }
  }

  var unit: Unit {
    switch self {
    case .perSecond: .perSecond
    case .milliseconds: .milliseconds
    case .mebibytes: .mebibytes
    }
  }

  enum Unit: String, Encodable {
    case perSecond = "per second"
    case milliseconds = "ms"
    case mebibytes = "MiB"
  }

  static func mebibytes(ofBytes count: Int) -> Measure { .mebibytes(Double(count) / 1_048_576) }

  /// How long `body` takes.
  static func time(of body: () async throws -> Void) async rethrows -> Measure {
    .milliseconds(1_000 * (try await ContinuousClock().measure(body).inSeconds))
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
  /// Work divided by the limit, where more is better.
  case atLeast(Double)
  /// Work divided by the limit, where less is better.
  case atMost(Double)
  /// Milliseconds that the work may take longer than the limit.
  case over(atMostMilliseconds: Double)

  /// The number that is compared with the bar, for one round.
  func number(work: Measure, limit: Measure) -> Double {
    switch self {
    case .atLeast, .atMost: work.value / limit.value
    case .over: work.value - limit.value
    }
  }

  func isMet(by number: Double) -> Bool {
    switch self {
    case .atLeast(let least): number >= least
    case .atMost(let most), .over(atMostMilliseconds: let most): number <= most
    }
  }
}
