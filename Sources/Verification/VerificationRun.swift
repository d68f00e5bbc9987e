import CanonicalJSON

/// One verification under way: what was read so far, and what was found.
struct VerificationRun: Sendable {
  private let source: any LedgerSource
  private let contents: LedgerContents
  private let directory: KeyDirectory
  private let trustedSize: Int
  private var rules: LedgerRules
  private var findings: [Finding] = []
  private var findingCount = 0
  private var nextPosition: Int
  /// Nothing after this can be judged.
  private(set) var isStopped = false
  private var checkpoints = CheckpointOutcome()
  private var comparedTiles = 0

  init(
    _ source: any LedgerSource, contents: LedgerContents, state: VerifiedState?,
    givenUp: RangeSet<Int>
  ) {
    self.source = source
    self.contents = contents
    directory = KeyDirectory(state.map { $0.keys.records.values.map(\.key) } ?? [])
    trustedSize = state?.size ?? 0
    nextPosition = trustedSize
    let new = max(contents.entries - trustedSize, 0)
    let entries = EntryRegister(expecting: new)
    rules =
      state.map { LedgerRules(reading: source, into: entries, after: $0) }
      ?? LedgerRules(reading: source, into: entries)
    rules.absent.excused = givenUp
    if contents.entries < trustedSize {
      find(contents.entries, .trustedAhead(size: trustedSize, entries: contents.entries))
      isStopped = true
    }
  }

  /// Entries judged, the trusted ones included.
  var size: Int { rules.tree.size }

  var progress: VerificationProgress {
    VerificationProgress(entriesDone: size, entries: contents.entries, findings: findingCount)
  }

  /// The next `count` entries that nobody reads yet; empty at the end.
  mutating func chunk(_ count: Int) -> Chunk {
    let end = min(nextPosition + count, contents.entries)
    defer { nextPosition = end }
    return Chunk(
      positions: nextPosition..<end, source: source, directory: directory,
      hasVault: contents.hasVault)
  }

  mutating func take(_ chunk: ExaminedChunk) throws(LedgerReadError) {
    for facts in chunk.facts where !isStopped { try take(facts) }
    guard !isStopped, size < chunk.positions.upperBound else { return }
    find(size, .positionGap(found: contents.entries))
    isStopped = true
  }

  private mutating func take(_ facts: EntryFacts) throws(LedgerReadError) {
    if let gap = facts.gap {
      find(facts.position, gap)
      isStopped = true
      return
    }
    let (errors, tiles) = try rules.apply(facts)
    for error in errors { find(facts.position, error.error) }
    for tile in tiles { try compare(tile) }
    if facts.stopsAtKind != nil { isStopped = true }
  }

  private mutating func compare(_ tile: FullTile) throws(LedgerReadError) {
    guard contents.hasTables else { return }
    comparedTiles += 1
    let stored = try source.tile(level: tile.level, index: tile.index)
    if stored != StoredTile(hashes: tile.bytes, root: tile.root) {
      find(size - 1, .tileStored(level: tile.level, index: tile.index))
    }
  }

  private mutating func find(_ position: Int, _ error: VerificationError) {
    findingCount += 1
    if findings.count < VerificationReport.findingsMax {
      findings.append(Finding(position: position, error: error))
    }
  }
}

extension EntryFacts {
  /// That the store has another position here: what follows cannot be placed.
  fileprivate var gap: VerificationError? {
    findings.lazy.map(\.error).first { if case .positionGap = $0 { true } else { false } }
  }
}

extension VerificationRun {
  /// Judges what needs the whole ledger: what is absent, what is stored beside, what the log
  /// signed.
  mutating func finish(pinned: String?) throws(LedgerReadError) -> VerificationReport {
    let absent = rules.absent.settle()
    if !isStopped {
      // What a later entry excuses is not known before all were read.
      for finding in absent.findings { find(finding.position, finding.error) }
      findingCount += absent.findingCount - absent.findings.count
      try checkpoints.judge(contents, &rules, pinned: pinned)
      for finding in checkpoints.findings { find(finding.position, finding.error) }
      compareRows()
    }
    // Stable: what is wrong with one entry stays in the order of checks.
    let sorted = findings.enumerated().sorted {
      ($0.element.position, $0.offset) < ($1.element.position, $1.offset)
    }
    return report(sorted.map(\.element), absent)
  }

  private mutating func compareRows() {
    guard let rows = contents.rows else { return }
    let derived = [
      ("entry", rows.entries, size), ("run", rows.runs, rules.counts.runs),
      ("body", rows.bodies, rules.counts.bodies), ("tile", rows.tiles, comparedTiles),
      ("stream", rows.streams, rules.streams.streams.count),
      ("kind", rows.kinds, rules.kinds.count), ("actor", rows.actors, rules.actors.count),
    ]
    for (table, stored, derived) in derived where stored != derived {
      find(size, .countStored(table: table, stored: stored, derived: derived))
    }
  }

  private func report(
    _ findings: [Finding], _ absent: AbsentValues.Settlement
  ) -> VerificationReport {
    var counts = rules.counts
    counts.checkpoints = checkpoints.compared
    counts.tiles = comparedTiles
    return VerificationReport(
      size: size, root: rules.tree.root, origin: rules.origin, trustedSize: trustedSize,
      checkpointSize: checkpoints.size, trust: checkpoints.trust, counts: counts,
      pruned: absent.pruned, erased: absent.erased, givenUp: absent.givenUp, findings: findings,
      findingCount: findingCount,
      laterSeenDisagreements: rules.laterSeenDisagreements, unknownKinds: rules.unknownKinds,
      suspectKeys: suspectKeys, state: findings.isEmpty ? VerifiedState(rules) : nil)
  }

  private var suspectKeys: [SuspectKey] {
    let suspects = rules.keys.records.values.compactMap { record -> SuspectKey? in
      guard let from = record.suspectFrom, let revoked = record.revoked else { return nil }
      return SuspectKey(keyid: record.key.keyid, from: from, revoked: revoked)
    }
    return suspects.sorted { $0.keyid < $1.keyid }
  }
}
