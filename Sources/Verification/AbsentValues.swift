import CanonicalJSON

/// Bodies and personal values that are not there, until the whole ledger has said whether they may
/// be gone: a retention or erasure event stands after what it is about.
struct AbsentValues {
  private struct Body {
    let position: Int
    let retention: RetentionClass?
  }

  /// A retention event that took effect.
  struct Retention: Hashable {
    let retention: RetentionClass
    let positions: ClosedRange<Int>
  }

  private var bodies: [Body] = []
  private var values: [UnopenedValue] = []
  private(set) var retentions: [Retention] = []
  /// Position of the newest erasure by person.
  private(set) var erasures: [Identifier: Int] = [:]

  mutating func lose(bodyAt position: Int, _ retention: RetentionClass?) {
    bodies.append(Body(position: position, retention: retention))
  }

  mutating func lose(_ unopened: [UnopenedValue]) { values.append(contentsOf: unopened) }

  mutating func retain(_ retention: Retention) { retentions.append(retention) }

  mutating func erase(_ subject: Identifier, at position: Int) { erasures[subject] = position }

  /// What is gone without leave, and how much is gone with it.
  func settle() -> (findings: [Finding], pruned: [RetentionClass: Int], erased: Int) {
    var findings: [Finding] = []
    var pruned: [RetentionClass: Int] = [:]
    for body in bodies {
      if let retention = body.retention, isPruned(body.position, retention) {
        pruned[retention, default: 0] += 1
      } else {
        findings.append(Finding(position: body.position, error: .bodyMissing(body.retention)))
      }
    }
    var erased = 0
    for value in values {
      if let erasure = erasures[value.subject], erasure > value.position {
        erased += 1
      } else {
        findings.append(
          Finding(
            position: value.position,
            error: .sealedMissing(
              event: value.event, pointer: value.pointer, subject: value.subject)))
      }
    }
    return (findings, pruned, erased)
  }

  private func isPruned(_ position: Int, _ retention: RetentionClass) -> Bool {
    retentions.contains { $0.retention == retention && $0.positions.contains(position) }
  }
}
