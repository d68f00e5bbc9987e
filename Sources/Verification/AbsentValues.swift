import CanonicalJSON

/// Bodies and personal values that are not there, until the whole ledger has said whether they may
/// be gone: a retention or erasure event stands after what it is about.
///
/// A bit an entry for bodies. Of values, no more of one person than can be shown.
struct AbsentValues {
  /// A retention event that took effect.
  struct Retention: Hashable {
    let retention: RetentionClass
    let positions: ClosedRange<Int>
  }

  /// One person's values, since his newest erasure.
  private struct Values {
    /// With how many values of anybody's were met before each.
    var first: [(order: Int, value: UnopenedValue)] = []
    var count = 0
    /// Those of entries that the caller has given up; in none of the above.
    var givenUp: [Int] = []
  }

  /// Entries of which the caller knows that values are gone.
  var excused = RangeSet<Int>()
  /// Of excused entries, one for each value that cannot be asked for from here.
  private var unread: [Int] = []
  private var bodies: [RetentionClass?: PositionSet] = [:]
  private var values: [Identifier: Values] = [:]
  private var valuesMet = 0
  private var valuesErased = 0
  private(set) var retentions: [Retention] = []
  /// Position of the newest erasure by person.
  private(set) var erasures: [Identifier: Int] = [:]

  mutating func lose(bodyAt position: Int, _ retention: RetentionClass?) {
    bodies[retention, default: PositionSet()].insert(position)
  }

  mutating func lose(_ unopened: [UnopenedValue]) {
    for value in unopened {
      var lost = values.removeValue(forKey: value.subject) ?? Values()
      defer { values[value.subject] = lost }
      guard !excused.contains(value.position) else {
        lost.givenUp.append(value.position)
        continue
      }
      if lost.first.count < VerificationReport.findingsMax { lost.first.append((valuesMet, value)) }
      lost.count += 1
      valuesMet += 1
    }
  }

  /// Values that cannot be asked for from here.
  ///
  /// - Returns: Whether the entry is excused.
  mutating func lose(unread count: Int, at position: Int) -> Bool {
    guard excused.contains(position) else { return false }
    unread += repeatElement(position, count: count)
    return true
  }

  mutating func retain(_ retention: Retention) { retentions.append(retention) }

  /// What was lost of `subject` until now may be gone.
  mutating func erase(_ subject: Identifier, at position: Int) {
    erasures[subject] = position
    guard let gone = values.removeValue(forKey: subject) else { return }
    valuesErased += gone.count + gone.givenUp.count
  }

  /// What is gone without leave, and how much is gone with it.
  struct Settlement {
    /// The first of those that are gone without leave, at most ``VerificationReport/findingsMax``:
    /// bodies, then values.
    var findings: [Finding] = []
    /// All of them.
    var findingCount = 0
    var pruned: [RetentionClass: Int] = [:]
    var erased = 0
    /// Entries that were given up, one for each value that is gone.
    var givenUp: [Int] = []
  }

  func settle() -> Settlement {
    var settlement = Settlement()
    var bodies = bodies
    for retention in retentions {
      let gone = bodies[retention.retention]?.remove(retention.positions) ?? 0
      if gone > 0 { settlement.pruned[retention.retention, default: 0] += gone }
    }
    settlement.erased = valuesErased
    settlement.givenUp = (values.values.flatMap(\.givenUp) + unread).sorted()
    settlement.findingCount =
      bodies.values.reduce(0) { $0 + $1.count } + values.values.reduce(0) { $0 + $1.count }
    let findings = AbsentValues.findings(bodies) + AbsentValues.findings(values)
    settlement.findings = Array(findings.prefix(VerificationReport.findingsMax))
    return settlement
  }

  private static func findings(_ bodies: [RetentionClass?: PositionSet]) -> [Finding] {
    bodies.flatMap { retention, positions in
      positions.first(VerificationReport.findingsMax).map {
        Finding(position: $0, error: .bodyMissing(retention))
      }
    }.sorted { $0.position < $1.position }
  }

  private static func findings(_ values: [Identifier: Values]) -> [Finding] {
    values.values.flatMap(\.first).sorted { $0.order < $1.order }.map { _, value in
      Finding(
        position: value.position,
        error: .sealedMissing(event: value.event, pointer: value.pointer, subject: value.subject))
    }
  }
}
