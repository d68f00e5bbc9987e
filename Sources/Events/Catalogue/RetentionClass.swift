/// How long an entry's body is kept; its header is never pruned.
package enum RetentionClass: String, Hashable, Sendable, CaseIterable {
  /// For ever. Every kind that alters an environment.
  case permanent
  /// As long as somebody may have to prove it.
  case evidence
  /// As long as it helps to operate.
  case telemetry
}
