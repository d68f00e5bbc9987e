import CanonicalJSON

/// The rules that need every entry before the one they judge; applied in position order.
///
/// A wrong entry does not stop the others from being judged: its leaf stays in the tree and its
/// versions in their streams, so that one fault is one finding. What it would decide about keys,
/// origin or retention does not take effect.
struct LedgerRules {
  private(set) var tree: TreeFollower
  private(set) var entries: EntryRegister
  private(set) var streams = StreamRegister()
  private(set) var keys = KeyRegister()
  var absent = AbsentValues()
  /// The origin that the next entry must name; nil before genesis.
  private(set) var origin: LedgerOrigin?
  /// Origins by the position of the first entry under each.
  private(set) var incarnations: [(position: Int, origin: LedgerOrigin)] = []
  /// The log's clock at the newest entry.
  private(set) var recorded: Int64 = 0
  private(set) var counts = VerificationCounts()
  /// Of the entries that were read: what the store's tables of names should hold.
  private(set) var kinds: Set<String> = []
  private(set) var actors: Set<Identifier> = []
  /// Kinds of entries whose rules were not checked, with the first position of each.
  private(set) var unknownKinds: [String: Int] = [:]
  /// Signers after the first whose `seen` disagrees; they disagree because of it.
  private(set) var laterSeenDisagreements = 0
  private var firstSeenDisagreement: Int?
  /// What is known of entries no more than that it was read.
  private var leaves: PastLeaves
  /// Proves what a signer saw before ``TreeFollower/base``; nil when everything was read.
  private let past: PastEntries?

  init(reading source: any LedgerSource, into entries: EntryRegister) {
    tree = TreeFollower()
    self.entries = entries
    leaves = PastLeaves(source)
    past = nil
  }

  /// Goes on after what `state` says of the entries before it.
  init(
    reading source: any LedgerSource, into entries: EntryRegister, after state: VerifiedState
  ) {
    tree = state.tree
    self.entries = entries
    leaves = PastLeaves(source)
    past = PastEntries(source, state)
    origin = state.origin
    incarnations = state.incarnations
    recorded = state.recorded
    keys = state.keys
    streams = state.streams
    absent = state.absent
  }

  /// - Returns: what is wrong with the entry, in the order of checks, and the tiles it completes.
  mutating func apply(
    _ facts: EntryFacts
  ) throws(LedgerReadError) -> (errors: [StepError], tiles: [FullTile]) {
    var errors = facts.findings
    if let header = facts.header {
      try judge(facts, header, &errors)
    }
    count(facts)
    let tiles = tree.append(facts.leaf)
    return (errors.sorted { $0.step < $1.step }, tiles)
  }

  private mutating func judge(
    _ facts: EntryFacts, _ header: HeaderForm, _ errors: inout [StepError]
  ) throws(LedgerReadError) {
    if let first = try position(of: header.entry) {
      errors.append(StepError(step: .id, error: .entryReused(header.entry, first: first)))
      return
    }
    let isOfLedger = judgeOrigin(facts, header, &errors)
    judgeClock(facts, &errors)
    if facts.findings.allSatisfy({ $0.step != .runs }) {
      judgeSigners(facts, header, isOfLedger: isOfLedger, &errors)
    }
    try judgeSeen(facts, header, &errors)
    try judgeReferences(header, &errors)
    judgeVersions(header, &errors)
    entries.insert(header.entry, at: facts.position)
    if facts.bodyIsMissing { absent.lose(bodyAt: facts.position, facts.retention) }
    if !facts.unopened.isEmpty { absent.lose(facts.unopened) }
    for kind in facts.unknownKinds where unknownKinds[kind] == nil {
      unknownKinds[kind] = facts.position
    }
  }

  private mutating func position(of id: Identifier) throws(LedgerReadError) -> Int? {
    let known = try entries.position(of: id) { position throws(LedgerReadError) in
      try leaves.isEntry(id, at: position, of: tree)
    }
    if let known { return known }
    return try past?.position(of: id)
  }

  /// The tree's root at any size; nil before ``TreeFollower/base`` and after the end.
  mutating func root(at size: Int) throws(LedgerReadError) -> Digest? {
    try leaves.root(at: size, of: tree)
  }

  private mutating func count(_ facts: EntryFacts) {
    counts.entries += 1
    counts.events += facts.eventCount
    counts.signatures += facts.signatures.count
    counts.bodies += facts.bodyIsMissing || facts.header == nil ? 0 : 1
    counts.sealedValues += facts.sealedOpened
    if !absent.lose(unread: facts.sealedNotReadable, at: facts.position) {
      counts.sealedNotReadable += facts.sealedNotReadable
    }
    counts.storedRuns += facts.storedRunCount
    guard let header = facts.header else { return }
    counts.runs += header.runs.count
    actors.insert(header.actor)
    for run in header.runs { kinds.insert(run.kind) }
  }
}

extension LedgerRules {
  /// Origin: the current one, the first at genesis, or the next in the entry that starts it.
  private mutating func judgeOrigin(
    _ facts: EntryFacts, _ header: HeaderForm, _ errors: inout [StepError]
  ) -> Bool {
    let startsIncarnation = header.runs.contains { $0.kind == "ledger.incarnation_started.v1" }
    let first = LedgerOrigin(stem: header.ledger.stem, incarnation: 1)
    let valid = origin.map { startsIncarnation ? $0.successor : $0 } ?? first
    if origin == nil { begin(first, at: facts.position) }
    guard header.ledger == valid else {
      errors.append(
        StepError(step: .origin, error: .ledgerMismatch(named: header.ledger, valid: valid)))
      return false
    }
    return true
  }

  private mutating func begin(_ origin: LedgerOrigin, at position: Int) {
    self.origin = origin
    incarnations.append((position, origin))
  }

  private mutating func judgeClock(_ facts: EntryFacts, _ errors: inout [StepError]) {
    if facts.recorded < recorded {
      errors.append(
        StepError(
          step: .clock,
          error: .recordedBackwards(recorded: facts.recorded, previous: recorded)))
    }
    recorded = facts.recorded  // Going back once is one finding, not one for every later entry.
  }

  private mutating func judgeSigners(
    _ facts: EntryFacts, _ header: HeaderForm, isOfLedger: Bool, _ errors: inout [StepError]
  ) {
    let signers = SignerRules(facts, header, keys)
    if let error = signers.error {
      errors.append(StepError(step: .signatures, error: error))
      return
    }
    if facts.governing.isEmpty { return }
    let rules = GoverningRules(facts: facts, signers: signers, keys: keys)
    if let error = rules.error() ?? incarnationError(facts) {
      errors.append(StepError(step: .keyRules, error: error))
    } else if isOfLedger && facts.findings.allSatisfy({ $0.step.leavesEffect }) {
      takeEffect(facts, header)
    }
  }

  /// An incarnation begins at the common size, with the common root, after the current origin.
  private func incarnationError(_ facts: EntryFacts) -> VerificationError? {
    for case .incarnation(let previous, let common) in facts.governing {
      if let origin, previous != origin {
        return .ledgerMismatch(named: previous, valid: origin)
      }
      let derived = SeenTree(root: tree.root, size: facts.position)
      if common != derived { return .incarnationMismatch(named: common, derived: derived) }
    }
    return nil
  }

  private mutating func takeEffect(_ facts: EntryFacts, _ header: HeaderForm) {
    let position = facts.position
    for event in facts.governing {
      switch event {
      case .created(let threshold): keys.recoveryThreshold = threshold
      case .incarnation: begin(header.ledger, at: position)
      case .registered(let registration): keys.register(registration, at: position)
      case .revoked(let keyid, let suspectFrom):
        keys.revoke(keyid, at: position, suspectFrom: suspectFrom)
      case .retention(let name, let first, let last):
        if let retention = RetentionClass(rawValue: name) {
          absent.retain(.init(retention: retention, positions: first...last))
        }
      case .erased(let subject): absent.erase(subject, at: position)
      }
    }
  }

  private mutating func judgeSeen(
    _ facts: EntryFacts, _ header: HeaderForm, _ errors: inout [StepError]
  ) throws(LedgerReadError) {
    let seen = header.seen
    guard seen.size <= facts.position else {
      if firstSeenDisagreement != nil {
        laterSeenDisagreements += 1  // The same entry is missing to everybody who came after it.
        return
      }
      firstSeenDisagreement = facts.position
      errors.append(
        StepError(step: .seen, error: .seenAhead(size: seen.size, position: facts.position)))
      return
    }
    counts.seenRoots += 1
    let derived = try root(at: seen.size)
    if derived == seen.root { return }
    if derived == nil, let past, try past.proves(seen) { return }
    if let first = firstSeenDisagreement, seen.size >= first {
      laterSeenDisagreements += 1  // The same change, seen by everybody who came after it.
      return
    }
    firstSeenDisagreement = seen.size
    errors.append(StepError(step: .seen, error: .seenRoot(signed: seen, derived: derived)))
  }

  private mutating func judgeReferences(
    _ header: HeaderForm, _ errors: inout [StepError]
  ) throws(LedgerReadError) {
    for id in header.because {
      counts.causes += 1
      guard try position(of: id) == nil else { continue }
      errors.append(StepError(step: .because, error: .becauseUnknown(id)))
      break
    }
    counts.expectations += header.expects.count
    if let error = RunRules.expectationError(header) {
      errors.append(StepError(step: .expects, error: error))
    }
    let stale = header.expects.first { streams.version(of: $0.stream) != $0.version }
    if let stale {
      errors.append(
        StepError(
          step: .expects,
          error: .expectsMismatch(
            stream: stale.stream, expected: stale.version,
            actual: streams.version(of: stale.stream))))
    }
  }

  private mutating func judgeVersions(_ header: HeaderForm, _ errors: inout [StepError]) {
    let found = streams.apply(header.runs)
    if let error = found.scope { errors.append(StepError(step: .runs, error: error)) }
    if let error = found.version { errors.append(StepError(step: .versions, error: error)) }
  }
}
