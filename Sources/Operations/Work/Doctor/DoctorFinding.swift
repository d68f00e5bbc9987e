/// One thing that `stele doctor` looked at.
package struct DoctorFinding: Hashable, Sendable {
  package enum Area: String, Hashable, Sendable, CaseIterable {
    case versions, files, ledger, vault, clock, disk, keys, agents, reviews, policy, secrets,
      drift
  }

  package enum Verdict: String, Hashable, Sendable, CaseIterable {
    case ok
    /// It works, and somebody should know; also what could not be found out.
    case warning
    case failed
  }

  package let area: Area
  /// What was looked at: `sqlite`, `permissions`, `anchor`…
  package let check: String
  package let verdict: Verdict
  package let value: String
  /// What it should be.
  package let expected: String
  /// The next command to type; nil when there is nothing to do.
  package let next: String?

  package init(
    _ area: Area, _ check: String, _ verdict: Verdict, _ value: String, expected: String,
    next: String? = nil
  ) {
    self.area = area
    self.check = check
    self.verdict = verdict
    self.value = value
    self.expected = expected
    self.next = verdict == .ok ? nil : next
  }

  /// What could not be found out is not ok.
  static func unknown(
    _ area: Area, _ check: String, _ reason: String, expected: String, next: String
  ) -> DoctorFinding {
    DoctorFinding(area, check, .warning, "not checked: \(reason)", expected: expected, next: next)
  }
}

extension [DoctorFinding] {
  /// Nothing failed; warnings are not failures.
  package var areSound: Bool { allSatisfy { $0.verdict != .failed } }
}
