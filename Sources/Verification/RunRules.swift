/// What an entry's kinds demand of its runs, as far as the entry alone can show.
enum RunRules {
  static let eventsMax = 1000

  /// Fills in what the catalogue says, and the first rule that is broken.
  static func apply(to facts: inout EntryFacts, _ header: HeaderForm) {
    let rules = header.runs.map { KindRules.rule(for: $0.kind) }
    // Counts are at most 2^53, and a line has room for a few hundred runs: no overflow.
    facts.eventCount = header.runs.reduce(0) { $0 + $1.count }
    facts.retention = rules.lazy.compactMap { $0?.retention }.first
    facts.isLate = rules.allSatisfy { $0?.isLate ?? false }
    for (run, rule) in zip(header.runs, rules) where rule == nil {
      if run.isGoverning {
        facts.stopsAtKind = facts.stopsAtKind ?? run.kind
      } else {
        facts.unknownKinds.append(run.kind)
      }
    }
    if let error = firstError(header, rules, facts) { facts.find(.runs, error) }
  }

  private static func firstError(
    _ header: HeaderForm, _ rules: [KindRule?], _ facts: EntryFacts
  ) -> VerificationError? {
    if facts.eventCount > eventsMax { return .tooManyEvents(count: facts.eventCount) }
    if let kind = facts.stopsAtKind { return .kindUnknown(kind: kind) }
    return genesisError(header, at: facts.position) ?? streamError(header, rules)
      ?? scopeError(header) ?? classError(rules) ?? releaseError(header, rules)
  }

  /// The first entry, and no other, creates the ledger and registers its first keys.
  private static func genesisError(_ header: HeaderForm, at position: Int) -> VerificationError? {
    let created = header.runs.filter { $0.kind == "ledger.created.v1" }
    guard position == 0 else {
      return created.first.map { .genesisRepeated(stream: $0.stream) }
    }
    let isGenesis =
      header.runs[0].kind == "ledger.created.v1" && header.runs[0].count == 1
      && header.runs.count <= 1 + GoverningEvent.genesisKeysMax
      && header.runs.dropFirst().allSatisfy { $0.kind == "key.registered.v1" && $0.count == 1 }
    return isGenesis ? nil : .genesisMissing(kind: header.runs[0].kind)
  }

  private static func streamError(_ header: HeaderForm, _ rules: [KindRule?]) -> VerificationError?
  {
    for (run, rule) in zip(header.runs, rules) {
      if let rule, !rule.allows(run) { return .streamName(stream: run.stream, kind: run.kind) }
    }
    return nil
  }

  private static func scopeError(_ header: HeaderForm) -> VerificationError? {
    let first = header.runs[0]
    let other = header.runs.first {
      $0.application != first.application || $0.environment != first.environment
    }
    return other.map { .scopeMixed(first.scope, $0.scope) }
  }

  private static func classError(_ rules: [KindRule?]) -> VerificationError? {
    let classes = rules.compactMap { $0?.retention }
    let other = classes.first { $0 != classes.first }
    return other.map { .classMixed(classes[0], $0) }
  }

  /// Exactly one release.started event where something is altered, none elsewhere; a kind that
  /// this program does not know may be what altered it.
  private static func releaseError(
    _ header: HeaderForm, _ rules: [KindRule?]
  ) -> VerificationError? {
    let events = header.runs.reduce(0) { $1.kind == KindRules.releaseStarted ? $0 + $1.count : $0 }
    let alters = rules.contains { $0?.altersEnvironment ?? false }
    if !alters && rules.contains(where: { $0 == nil }) && events <= 1 { return nil }
    let needed = alters ? 1 : 0
    return events == needed ? nil : .releaseNumber(events: events, needed: needed)
  }
}

extension RunRules {
  /// Every stream that a kind is decided on is expected, or written by the entry itself.
  static func expectationError(_ header: HeaderForm) -> VerificationError? {
    for run in header.runs {
      for prefix in KindRules.rule(for: run.kind)?.expects ?? [] {
        let start = prefix + "/"
        let isNamed =
          header.expects.contains { $0.stream.hasPrefix(start) }
          || header.runs.contains { $0.stream.hasPrefix(start) }
        if !isNamed { return .expectsMissing(kind: run.kind, prefix: prefix) }
      }
    }
    return nil
  }
}

extension Run {
  /// Application and environment as one text, `web.production`; `-` where there is none.
  var scope: String {
    switch (application, environment) {
    case (nil, nil): "-"
    default: "\(application ?? "-").\(environment ?? "-")"
    }
  }
}
