import CanonicalJSON
import Events
import Projections

/// A ledger as a store has it: headers and bodies as bytes, without signatures.
struct StoredLedger {
  struct Row {
    let recorded: Timestamp
    let header: [UInt8]
    var body: [UInt8]?
  }

  private(set) var rows: [Row] = []
  private var versions: [StreamName: Int] = [:]

  static let origin: Origin = {
    let log = Origin.makeLog(random: [UInt8](repeating: 4, count: 16))
    guard let origin = Origin(name: "tamma", log: log, incarnation: 1) else {
      preconditionFailure("the origin has the wrong form")
    }
    return origin
  }()

  /// Records one entry.
  mutating func record(_ draft: EntryDraft, behalf: Behalf? = nil) throws {
    let time = Story.time(rows.count)
    let header = draft.header(
      entry: .make(at: time, random: [UInt8](repeating: 9, count: 10)), actor: Story.person,
      behalf: behalf, at: time, ledger: Self.origin,
      seen: Seen(root: Digest(bytes: [UInt8](repeating: 7, count: 32)), size: rows.count),
      body: Digest(bytes: [UInt8](repeating: 8, count: 32)),
      nextVersion: { versions[$0, default: 0] + 1 })
    for run in header.events { versions[run.stream] = run.lastVersion }
    rows.append(
      Row(
        recorded: time, header: header.canonicalBytes,
        body: try draft.body(salt: [UInt8](repeating: 0, count: 16)).canonicalBytes()))
  }

  mutating func record(
    _ payload: some EventPayload, in stream: StreamName, scope: Scope = Story.place.scope
  ) throws {
    try record(EntryDraft([DraftEvent(payload, in: stream, scope: scope)]))
  }

  /// Records data of any shape.
  mutating func record(raw data: JSONObject..., kind: EventKind, in stream: StreamName) throws {
    try record(
      EntryDraft(
        data.map { DraftEvent(kind: kind, data: $0, in: stream, scope: Story.place.scope) }))
  }

  mutating func prune(_ position: Int) { rows[position].body = nil }

  mutating func append(_ row: Row) { rows.append(row) }

  /// Hands out entries as a replay gets them.
  func forEach(from first: Int = 0, _ body: (BorrowedEntry) throws -> Void) throws {
    for (position, row) in rows.enumerated().dropFirst(first) {
      try row.header.withUnsafeBytes { header in
        try row.withUnsafeBody { stored in
          try body(
            BorrowedEntry(
              position: position, recorded: row.recorded, header: header, body: stored))
        }
      }
    }
  }

  /// Every event read properly and taken in one by one: what a replay must equal.
  func readProperly() throws -> LedgerState {
    var state = LedgerState()
    try forEach { entry in
      let events = try entry.events()
      for event in events { state.apply(event) }
      if events.isEmpty { state.take(try EntryHeader(parsing: Array(entry.header))) }
    }
    return state
  }

  func replayed(onto state: LedgerState = LedgerState()) throws -> LedgerState {
    var state = state
    try forEach(from: state.size) { try state.apply($0) }
    return state
  }
}

extension StoredLedger.Row {
  fileprivate func withUnsafeBody(_ use: (UnsafeRawBufferPointer?) throws -> Void) throws {
    guard let body else { return try use(nil) }
    try body.withUnsafeBytes { try use($0) }
  }
}
