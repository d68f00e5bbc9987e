/// All figures, measured in turns: what drifts on the machine hits work and limit alike.
struct Rounds {
  private(set) var figures: [Figure]
  private let comparisons: [any Comparison]
  private var count = 0

  init(_ comparisons: [any Comparison]) {
    self.comparisons = comparisons
    figures = comparisons.map { Figure(name: $0.name, limit: $0.limit, bar: $0.bar) }
  }

  /// Measures everything once; who goes first changes from round to round.
  mutating func run() async throws {
    for (index, comparison) in comparisons.enumerated() {
      if count.isMultiple(of: 2) {
        let limit = try await comparison.measureLimit()
        figures[index].add(work: try await comparison.measureWork(), limit: limit)
      } else {
        let work = try await comparison.measureWork()
        figures[index].add(work: work, limit: try await comparison.measureLimit())
      }
    }
    count += 1
  }
}

/// What all rounds gave for one comparison.
struct Figure {
  let name: String
  let limit: String
  let bar: Bar
  private(set) var works: [Measure] = []
  private(set) var limits: [Measure] = []

  init(name: String, limit: String, bar: Bar) {
    self.name = name
    self.limit = limit
    self.bar = bar
  }

  mutating func add(work: Measure, limit: Measure) {
    works.append(work)
    limits.append(limit)
  }

  var work: Spread { Spread(works.map(\.value)) }
  var limitSpread: Spread { Spread(limits.map(\.value)) }

  /// Value by limit, taken within each round.
  var ratios: Spread { Spread(zip(works, limits).map { $0.value / $1.value }) }

  /// The number that the bar is about, taken within each round.
  var numbers: Spread {
    Spread(zip(works, limits).map { bar.number(work: $0, limit: $1) })
  }

  var isMet: Bool { bar.isMet(by: numbers.median) }

  /// Nil before the first round.
  var unit: Measure.Unit? { works.first?.unit }
}

/// Median, least and greatest of some numbers, at least one.
struct Spread {
  let median: Double
  let least: Double
  let greatest: Double

  init(_ numbers: [Double]) {
    let ordered = numbers.sorted()
    guard let first = ordered.first, let last = ordered.last else {
      preconditionFailure("a spread of no numbers")
    }
    let middle = ordered.count / 2
    median =
      ordered.count.isMultiple(of: 2)
      ? (ordered[middle - 1] + ordered[middle]) / 2 : ordered[middle]
    least = first
    greatest = last
  }
}
