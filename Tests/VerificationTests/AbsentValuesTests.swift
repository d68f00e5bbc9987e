import Testing

@testable import Verification

/// What is absent, against a plain list of it all.
@Suite struct AbsentValuesTests {
  /// SplitMix64.
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  /// Everything that happened, and what follows from it by the definition.
  private struct Plain {
    var bodies: [(position: Int, retention: RetentionClass?)] = []
    var values: [UnopenedValue] = []
    var retentions: [AbsentValues.Retention] = []
    var erasures: [Identifier: Int] = [:]
    var excused = RangeSet<Int>()

    func isPruned(_ body: (position: Int, retention: RetentionClass?)) -> Bool {
      retentions.contains {
        $0.retention == body.retention && $0.positions.contains(body.position)
      }
    }

    func isErased(_ value: UnopenedValue) -> Bool {
      erasures[value.subject].map { $0 > value.position } ?? false
    }

    var findings: [Finding] {
      bodies.filter { !isPruned($0) }.map {
        Finding(position: $0.position, error: .bodyMissing($0.retention))
      }
        + values.filter { !isErased($0) && !excused.contains($0.position) }.map {
          Finding(
            position: $0.position,
            error: .sealedMissing(event: $0.event, pointer: $0.pointer, subject: $0.subject))
        }
    }
  }

  private func lose(_ plain: inout Plain, entries: Int, seed: UInt64) -> AbsentValues {
    var random = Seeded(state: seed)
    var absent = AbsentValues()
    if seed % 3 == 0 { plain.excused = RangeSet([0..<entries / 4, entries / 2..<entries / 2 + 9]) }
    absent.excused = plain.excused
    let people = (1...4).map { Identifier(high: $0, low: 2 << 62) }
    for position in 0..<entries {
      switch Int.random(in: 0..<12, using: &random) {
      case 0..<6:
        let retention = ([nil] + RetentionClass.allCases).randomElement(using: &random) ?? nil
        plain.bodies.append((position, retention))
        absent.lose(bodyAt: position, retention)
      case 6..<9:
        let values = people.indices.map {
          UnopenedValue(position: position, event: $0, pointer: "/x", subject: people[3 - $0])
        }.filter { _ in Bool.random(using: &random) }
        plain.values += values
        absent.lose(values)
      case 9 where position > 0 && Int.random(in: 0..<8, using: &random) == 0:
        let first = Int.random(in: 0..<position, using: &random)
        let last = Int.random(in: first..<min(position, first + 300), using: &random)
        let retention = RetentionClass.allCases.randomElement(using: &random) ?? .telemetry
        plain.retentions.append(.init(retention: retention, positions: first...last))
        absent.retain(.init(retention: retention, positions: first...last))
      case 10 where Int.random(in: 0..<40, using: &random) == 0:
        let person = people[Int.random(in: 0..<3, using: &random)]
        plain.erasures[person] = position
        absent.erase(person, at: position)
      default: break
      }
    }
    return absent
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `what may be gone and what may not is as a list of all would say`(seed: UInt64) {
    var plain = Plain()
    let absent = lose(&plain, entries: seed % 2 == 0 ? 300 : 4_000, seed: seed)

    let settlement = absent.settle()

    let findings = plain.findings
    #expect(settlement.findings == Array(findings.prefix(VerificationReport.findingsMax)))
    #expect(settlement.findingCount == findings.count)
    #expect(settlement.erased == plain.values.count(where: plain.isErased))
    let excused = plain.values.filter { plain.excused.contains($0.position) }
    #expect(settlement.givenUp == excused.filter { !plain.isErased($0) }.map(\.position))
    let pruned = plain.bodies.filter(plain.isPruned)
    #expect(
      settlement.pruned
        == Dictionary(grouping: pruned) { $0.retention }.reduce(into: [:]) {
          if let retention = $1.key { $0[retention] = $1.value.count }
        })
    #expect(absent.retentions == plain.retentions)
    #expect(absent.erasures == plain.erasures)
  }

  @Test func `what cannot be read is given up where it is excused, and nowhere else`() {
    var absent = AbsentValues()
    absent.excused = RangeSet(2..<4)

    #expect(
      (0..<6).map { absent.lose(unread: 2, at: $0) } == [false, false, true, true, false, false])
    #expect(absent.settle().givenUp == [2, 2, 3, 3])
    #expect(absent.settle().findingCount == 0)
  }

  @Test func `of one person no more values are kept than can be shown, and all are counted`() {
    let person = Identifier(high: 1, low: 2)
    var absent = AbsentValues()
    for position in 0..<3_000 {
      absent.lose([UnopenedValue(position: position, event: 0, pointer: "/x", subject: person)])
    }
    #expect(absent.settle().findings.map(\.position) == Array(0..<1_000))
    #expect(absent.settle().findingCount == 3_000)

    absent.erase(person, at: 3_000)
    #expect(absent.settle().findings == [])
    #expect(absent.settle().erased == 3_000)
  }

  @Test func `positions are taken out at the edges of words as within them`() {
    for range in [0...0, 63...64, 0...63, 64...127, 1...126, 100...1_000_000, 300...400] {
      var set = PositionSet()
      for position in 0..<200 { set.insert(position) }

      #expect(set.remove(range) == (0..<200).count(where: range.contains))
      #expect(set.remove(range) == 0)
      #expect(set.first(1_000) == (0..<200).filter { !range.contains($0) })
      #expect(set.count == set.first(1_000).count)
    }
  }
}
