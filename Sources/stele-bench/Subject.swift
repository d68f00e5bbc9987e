import ArgumentParser

/// What can be measured by itself: a row of the table, or the few that share a ledger.
enum Subject: String, CaseIterable, ExpressibleByArgument {
  case append, bulk, fairness, concurrent, verification, incremental, replay, moment, rollback,
    status, disk, growth, crash, memory, access, configuration
}

/// The comparisons of the subjects that were asked for, each ledger filled when the first needs it.
struct Comparisons {
  let events: [Int]
  let entries: Int
  let stele: String
  let example: String
  let folder: TemporaryFolder
  private var ledgers: [Contents: BenchLedger] = [:]
  private var copies: [Contents: BenchLedger] = [:]

  /// What a ledger was filled with.
  private struct Contents: Hashable {
    let entries: Int
    let eventsAnEntry: Int
    var words: String {
      eventsAnEntry == 1 ? "\(entries) entries of 1" : "\(entries * eventsAnEntry) events"
    }
  }

  init(
    events: [Int], entries: Int, stele: String, example: String, in folder: TemporaryFolder
  ) {
    self.events = events
    self.entries = entries
    self.stele = stele
    self.example = example
    self.folder = folder
  }

  mutating func of(_ subject: Subject) async throws -> [any Comparison] {
    switch subject {
    case .append:
      return [try await AppendComparison(eventsAnEntry: 1, repetitions: 500, in: folder)]
    case .bulk:
      return [try await AppendComparison(eventsAnEntry: 100, repetitions: 50, in: folder)]
    case .fairness: return [try await FairnessComparison(repetitions: 60, in: folder)]
    case .concurrent:
      let appends = try await ConcurrentAppends(in: folder)
      return [ConcurrentRate(of: appends), ConcurrentWait(appends: appends)]
    case .access:
      let grants = try await BenchGrants(at: folder.making("grants"))
      return [DecisionComparison(grants: grants), PastDecisionComparison(grants: grants)]
    case .configuration: return [try ConfigurationComparison(like: example, in: folder)]
    case .verification, .disk, .memory: return try await ofEntries(subject) + ofEvents(subject)
    case .incremental, .replay, .moment, .rollback, .status, .growth, .crash:
      return try await ofEvents(subject)
    }
  }

  private mutating func ofEntries(_ subject: Subject) async throws -> [any Comparison] {
    let contents = Contents(entries: entries, eventsAnEntry: 1)
    let ledger = try await ledger(contents)
    return switch subject {
    case .verification:
      [try VerificationComparison(of: ledger, entries: entries, eventsAnEntry: 1)]
    case .disk: [DiskComparison(of: ledger, contents.words)]
    case .memory: [memory(of: ["verify"], on: ledger, contents)]
    default: []
    }
  }

  private mutating func ofEvents(_ subject: Subject) async throws -> [any Comparison] {
    var all: [any Comparison] = []
    for events in events { all += try await of(subject, events: events) }
    return all
  }

  private mutating func of(
    _ subject: Subject, events: Int
  ) async throws -> [any Comparison] {
    let contents = Contents(entries: events / 100, eventsAnEntry: 100)
    let ledger = try await ledger(contents)
    switch subject {
    case .incremental:
      return [
        try await IncrementalComparison(
          of: try await growing(contents), events: events, short: try await short())
      ]
    case .growth:
      return [
        GrowthComparison(
          of: try await growing(contents), events: events, short: try await short())
      ]
    case .crash: return [CrashComparison(of: try await growing(contents), events: events)]
    case .verification:
      return [try VerificationComparison(of: ledger, entries: events / 100, eventsAnEntry: 100)]
    case .replay: return [ReplayComparison(of: ledger, events: events)]
    case .moment: return [try await MomentComparison(of: ledger, events: events)]
    case .rollback: return [RollbackTargetComparison(of: ledger, events: events)]
    case .status: return try [false, true].map { try status(of: ledger, events, isCold: $0) }
    case .disk: return [DiskComparison(of: ledger, contents.words)]
    case .memory:
      return Self.commands.map { memory(of: $0, on: ledger, contents) }
    case .append, .bulk, .fairness, .concurrent, .access, .configuration: return []
    }
  }

  /// Those that read much of a ledger.
  private static let commands = [
    ["verify"], ["status"], ["log", "production", "--output", "jsonl"], ["releases", "production"],
  ]

  private func memory(
    of arguments: [String], on ledger: BenchLedger, _ contents: Contents
  ) -> MemoryComparison {
    MemoryComparison(of: arguments, on: ledger, contents.words, executable: stele)
  }

  private func status(
    of ledger: BenchLedger, _ events: Int, isCold: Bool
  ) throws -> StatusComparison {
    try StatusComparison(of: ledger, events: events, isCold: isCold, executable: stele, in: folder)
  }

  private mutating func short() async throws -> BenchLedger {
    try await growing(Contents(entries: BenchLedger.shortEvents / 100, eventsAnEntry: 100))
  }

  /// A copy for what appends, so that the others measure what they say.
  private mutating func growing(_ contents: Contents) async throws -> BenchLedger {
    if let copied = copies[contents] { return copied }
    let filled = try await ledger(contents)
    let copy = try await filled.copied(to: filled.root + "-growing")
    copies[contents] = copy
    return copy
  }

  private mutating func ledger(_ contents: Contents) async throws -> BenchLedger {
    if let filled = ledgers[contents] { return filled }
    let name = "of-\(contents.entries)-by-\(contents.eventsAnEntry)"
    let new = try await BenchLedger(at: folder.making(name))
    try await new.fill(entries: contents.entries, eventsAnEntry: contents.eventsAnEntry)
    ledgers[contents] = new
    return new
  }
}
