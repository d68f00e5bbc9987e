import Cryptography
import Events
import LedgerStore
import Operations

/// Durable appends with a receipt, against raw INSERTs of as many bytes, equally durable, and two
/// bare signatures a commit: the signer's and the log's.
struct AppendComparison: Comparison {
  let eventsAnEntry: Int
  let repetitions: Int
  private let ledger: BenchLedger
  private let raw: RawDatabase
  private let insert: OpaquePointer
  private let row: [UInt8]
  private let draft: EntryDraft
  private let key = SigningKey.generate()

  init(eventsAnEntry: Int, repetitions: Int, in folder: TemporaryFolder) async throws {
    self.eventsAnEntry = eventsAnEntry
    self.repetitions = repetitions
    ledger = try await BenchLedger(at: folder.making("append-\(eventsAnEntry)"))
    raw = try RawDatabase(folder.path + "/raw-\(eventsAnEntry).sqlite")
    try raw.execute("PRAGMA journal_mode = WAL")
    try raw.execute("PRAGMA synchronous = FULL")
    try raw.execute("CREATE TABLE event (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")
    insert = try raw.prepare("INSERT INTO event (bytes) VALUES (?)")
    draft = try BenchLedger.draft(eventsAnEntry, from: 0)
    row = try await Self.sample(of: ledger, draft)
  }

  /// One event's share of the bytes that an entry stores: header, signature and body.
  private static func sample(of ledger: BenchLedger, _ draft: EntryDraft) async throws -> [UInt8] {
    try await ledger.record(draft)
    let head = try ledger.session.ledger.head()
    let entry = try ledger.session.ledger.read { try $0.entry(at: head.size - 1) }
    let count = entry.header.count + 96 * entry.signatures.count + (entry.body?.count ?? 0)
    return [UInt8](repeating: 0x61, count: count / draft.events.count)
  }

  var name: String {
    eventsAnEntry == 1
      ? "one durable append with receipt" : "bulk append, \(eventsAnEntry) events an entry"
  }
  var limit: String {
    "INSERT of \(eventsAnEntry) × \(row.count) bytes a transaction, and two signatures"
  }
  var bar: Bar { .atLeast(eventsAnEntry == 1 ? 0.8 : 0.55) }

  func measureWork() async throws -> Measure {
    try await .rate(of: repetitions * eventsAnEntry) {
      for _ in 0..<repetitions { try await ledger.record(draft) }
    }
  }

  func measureLimit() async throws -> Measure {
    let header = Array(row.prefix(600))
    return try await .rate(of: repetitions * eventsAnEntry) {
      for _ in 0..<repetitions {
        try raw.execute("BEGIN IMMEDIATE")
        for _ in 0..<eventsAnEntry { try raw.run(insert, row) }
        try raw.execute("COMMIT")
        for _ in 0..<2 { _ = key.sign(header) }
      }
    }
  }
}
