import ArgumentParser

/// What can be measured by itself: a row of the table, or the few that share a ledger.
enum Subject: String, CaseIterable, ExpressibleByArgument {
  case append, bulk, fairness, verification, replay, status
}

/// The comparisons of the subjects that were asked for, each ledger filled when the first needs it.
struct Comparisons {
  let events: Int
  let entries: Int
  let stele: String
  let folder: TemporaryFolder
  private var ledgers: [Int: BenchLedger] = [:]

  init(events: Int, entries: Int, stele: String, in folder: TemporaryFolder) {
    self.events = events
    self.entries = entries
    self.stele = stele
    self.folder = folder
  }

  mutating func of(_ subject: Subject) async throws -> [any Comparison] {
    switch subject {
    case .append: [try await AppendComparison(eventsAnEntry: 1, repetitions: 500, in: folder)]
    case .bulk: [try await AppendComparison(eventsAnEntry: 100, repetitions: 50, in: folder)]
    case .fairness: [try await FairnessComparison(repetitions: 60, in: folder)]
    case .verification:
      [
        try VerificationComparison(of: try await single(), entries: entries, eventsAnEntry: 1),
        try VerificationComparison(
          of: try await bulk(), entries: events / 100, eventsAnEntry: 100),
      ]
    case .replay: [ReplayComparison(of: try await bulk(), events: events)]
    case .status: [try await status(isCold: false), try await status(isCold: true)]
    }
  }

  private mutating func status(isCold: Bool) async throws -> StatusComparison {
    try StatusComparison(
      of: try await bulk(), events: events, isCold: isCold, executable: stele, in: folder)
  }

  private mutating func single() async throws -> BenchLedger {
    try await ledger(entries: entries, eventsAnEntry: 1)
  }

  private mutating func bulk() async throws -> BenchLedger {
    try await ledger(entries: events / 100, eventsAnEntry: 100)
  }

  private mutating func ledger(entries: Int, eventsAnEntry: Int) async throws -> BenchLedger {
    if let filled = ledgers[eventsAnEntry] { return filled }
    let new = try await BenchLedger(at: folder.making("of-\(eventsAnEntry)"))
    try await new.fill(entries: entries, eventsAnEntry: eventsAnEntry)
    ledgers[eventsAnEntry] = new
    return new
  }
}
