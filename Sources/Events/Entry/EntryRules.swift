/// The format's rules about one entry that need no state, in the order in which an append asks.
///
/// All are functions of the header, so a verifier or a client can ask them as well.
package enum EntryRules {
  /// Runs and limits: how many events, then each run's kind and stream, then what they share.
  ///
  /// - Throws: ``EntryFormError/tooManyEvents(count:)``, `kindUnknown`, `streamName`, `scopeMixed`,
  ///   `classMixed` or `releaseNumber`, whichever is wrong first.
  /// - Returns: The retention class that all runs share.
  @discardableResult
  package static func checkRuns(
    of header: EntryHeader
  ) throws(EntryFormError) -> RetentionClass {
    try checkCount(of: header)
    let rules = try header.events.map { run throws(EntryFormError) in try rule(for: run) }
    try checkScope(of: header)
    let retention = try sharedClass(of: rules)
    try checkReleaseNumber(of: header, rules: rules)
    return retention
  }

  /// The signer's and the log's clock: at most 15 minutes apart, unless every kind is late, which
  /// may be any time before.
  package static func checkClock(
    of header: EntryHeader, recorded: Timestamp
  ) throws(EntryFormError) {
    let skew = recorded.microseconds(since: header.at)
    let isLate = header.events.allSatisfy { KindCatalogue.rule(for: $0.kind)?.isLate ?? false }
    let isWithin = abs(skew) <= Limits.clockSkewMicroseconds || (isLate && skew >= 0)
    guard isWithin else { throw EntryFormError.clockSkew(at: header.at, recorded: recorded) }
  }

  /// Every stream that a kind must be decided on is expected, or written by the entry itself.
  package static func checkExpectations(of header: EntryHeader) throws(EntryFormError) {
    for run in header.events {
      for prefix in KindCatalogue.rule(for: run.kind)?.requiredExpectations ?? [] {
        let isExpected = header.expects.keys.contains { $0.prefix == prefix }
        let isWritten = header.events.contains { $0.stream.prefix == prefix }
        guard isExpected || isWritten else {
          throw EntryFormError.expectsMissing(kind: run.kind, prefix: prefix)
        }
      }
    }
  }

  private static func checkCount(of header: EntryHeader) throws(EntryFormError) {
    var count = 0
    for run in header.events {
      count += run.count
      guard count <= Limits.eventsPerEntry else {
        throw EntryFormError.tooManyEvents(count: count)
      }
    }
  }

  private static func rule(for run: EventRun) throws(EntryFormError) -> KindRule {
    guard let rule = KindCatalogue.rule(for: run.kind) else {
      throw EntryFormError.kindUnknown(run.kind)
    }
    guard run.stream.prefix == rule.streamPrefix,
      rule.streamShape.accepts(run.stream.name, in: run.scope)
    else {
      throw EntryFormError.streamName(kind: run.kind, stream: run.stream, scope: run.scope)
    }
    return rule
  }

  private static func checkScope(of header: EntryHeader) throws(EntryFormError) {
    let first = header.events[0].scope
    for run in header.events where run.scope != first {
      throw EntryFormError.scopeMixed(first, run.scope)
    }
  }

  private static func sharedClass(
    of rules: [KindRule]
  ) throws(EntryFormError) -> RetentionClass {
    let first = rules[0].retention
    for rule in rules where rule.retention != first {
      throw EntryFormError.classMixed(first, rule.retention)
    }
    return first
  }

  private static func checkReleaseNumber(
    of header: EntryHeader, rules: [KindRule]
  ) throws(EntryFormError) {
    let alters = rules.contains(where: \.altersEnvironment)
    let count = header.events.filter { $0.kind == ReleaseStarted.kind }
      .reduce(0) { $0 + $1.count }
    guard count == (alters ? 1 : 0) else {
      throw EntryFormError.releaseNumber(alters: alters, count: count)
    }
  }
}
