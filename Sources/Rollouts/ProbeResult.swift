/// What one question to a replica's health brought.
///
/// There is no third verdict: whoever asks and gets no answer in time says ``ProbeVerdict/fail``
/// and the reason, and who never asked says nothing at all, which the machine counts as silence.
package struct ProbeResult: Hashable, Sendable {
  /// From the start of the question to the last byte of the answer, or to giving up; ≥ 0.
  package let latencyMicroseconds: Int64
  /// The HTTP status, when there was an answer that had one.
  package let status: Int?
  package let verdict: ProbeVerdict
  /// A few words for people, such as `200 OK` or `connection refused`.
  package let reason: String

  package init(
    latencyMicroseconds: Int64, status: Int? = nil, verdict: ProbeVerdict, reason: String
  ) {
    self.latencyMicroseconds = latencyMicroseconds
    self.status = status
    self.verdict = verdict
    self.reason = reason
  }
}

/// Whether an answer was a good one.
package enum ProbeVerdict: String, Hashable, Sendable, CaseIterable {
  case pass
  case fail
}
