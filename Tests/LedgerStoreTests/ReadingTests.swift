import CanonicalJSON
import Events
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// Reading what was appended: by position, id, stream, time and filter.
@Suite struct ReadingTests {
  let store: TemporaryLedger

  /// Position 0 is genesis; then, an hour apart: health of production (3 events), of staging (1),
  /// a grant, health of production (1).
  init() throws {
    store = try TemporaryLedger()
    let grant = AccessGranted(
      actor: GoldenKey.deployer.owner, applications: .only(["tamma"]),
      environments: .only(["production"]), role: .deployer)
    let drafts: [(EntryDraft, GoldenKey)] = [
      (.health(3), .service), (.health(environment: "staging"), .service),
      (EntryDraft([DraftEvent(grant, in: .grant(GoldenKey.deployer.owner))]), .administrator),
      (.health(), .service),
    ]
    for (draft, key) in drafts {
      store.time.advance(milliseconds: 3_600_000)
      try store.append(draft, by: [key])
    }
  }

  func positions(_ filter: EntryFilter) throws -> [Int] {
    try store.ledger.read { try $0.positions(matching: filter) }
  }

  func hours(_ hours: Int) throws -> Timestamp {
    try Timestamp(parsing: TemporaryLedger.start).adding(milliseconds: hours * 3_600_000)
  }

  @Test func `filters choose entries by any of their events`() throws {
    #expect(try positions(EntryFilter()) == [0, 1, 2, 3, 4])
    #expect(try positions(EntryFilter(stream: "health/tamma.production")) == [1, 4])
    #expect(try positions(EntryFilter(stream: "health/other.production")) == [])
    #expect(try positions(EntryFilter(kind: "health.checked.v1")) == [1, 2, 4])
    #expect(try positions(EntryFilter(kind: "key.registered.v1")) == [0])
    let anyVersion = try KindSelection(parsing: "health.checked")
    #expect(try positions(EntryFilter(kind: anyVersion)) == [1, 2, 4])
    let other = try KindSelection(parsing: "health.check")
    #expect(try positions(EntryFilter(kind: other)) == [])
    #expect(try positions(EntryFilter(application: "tamma")) == [1, 2, 4])
    #expect(try positions(EntryFilter(environment: "staging")) == [2])
    #expect(try positions(EntryFilter(actor: GoldenKey.administrator.owner)) == [0, 3])
    #expect(try positions(EntryFilter(actor: GoldenKey.approver.owner)) == [])
    #expect(
      try positions(
        EntryFilter(
          kind: "health.checked.v1", environment: "production",
          actor: GoldenKey.service.owner)) == [1, 4])
  }

  @Test func `a limit keeps the newest`() throws {
    #expect(try positions(EntryFilter(limit: 2)) == [3, 4])
    #expect(try positions(EntryFilter(kind: "health.checked.v1", limit: 2)) == [2, 4])
    #expect(try positions(EntryFilter(limit: 0)) == [])
  }

  @Test func `times are the log's, from included, until excluded`() throws {
    #expect(try positions(EntryFilter(from: hours(2))) == [2, 3, 4])
    #expect(try positions(EntryFilter(until: hours(2))) == [0, 1])
    #expect(try positions(EntryFilter(from: hours(1), until: hours(3))) == [1, 2])
    #expect(try positions(EntryFilter(from: hours(3), until: hours(3))) == [])
    #expect(try positions(EntryFilter(from: hours(9))) == [])
  }

  @Test func `the size at a time counts what was recorded before it`() throws {
    for (hour, size) in [(0, 0), (1, 1), (4, 4), (5, 5)] {
      #expect(try store.ledger.read { try $0.size(before: hours(hour)) } == size)
    }
    #expect(try store.ledger.read { try $0.size(before: .latest) } == 5)
  }

  @Test func `a version of a stream names its entry and the event in it`() throws {
    let stream: StreamName = "health/tamma.production"
    let expected: [(Int, Int)?] = [nil, (1, 0), (1, 1), (1, 2), (4, 0), nil]
    for (version, place) in expected.enumerated() {
      let found = try store.ledger.read { reader in
        try reader.place(of: stream, version: version).map { [$0.position, $0.index] }
      }
      #expect(found == place.map { [$0.0, $0.1] }, "version \(version)")
    }
    #expect(try store.ledger.version(of: stream) == 4)
    #expect(try store.ledger.version(of: "health/none.none") == 0)
  }

  @Test func `entries are found by id and read as they were signed`() throws {
    let entry = try store.ledger.read { try $0.entry(at: 1) }
    let header = try EntryHeader(parsing: entry.header)

    #expect(try store.ledger.read { try $0.position(of: header.entry) } == 1)
    let (read, events) = try entry.read()
    #expect(read == header)
    #expect(events.map(\.version) == [1, 2, 3])
    #expect(events.map(\.index) == [0, 1, 2])
    #expect(events.allSatisfy { $0.position == 1 && $0.actor == GoldenKey.service.owner })
    let unknown = EntryID.make(at: .earliest, random: store.random.bytes(10))
    #expect(try store.ledger.read { try $0.position(of: unknown) } == nil)
    #expect(throws: LedgerError.positionOutside(position: 5, size: 5)) {
      try store.ledger.read { try $0.entry(at: 5) }
    }
    #expect(throws: LedgerError.positionOutside(position: 5, size: 5)) {
      try store.ledger.read { try $0.receipt(for: 5) }
    }
  }

  @Test func `lent entries come in order until enough`() throws {
    let reader = try store.ledger.makeReader()
    var seen: [Int] = []

    try reader.forEachEntry(in: 1..<5) { view in
      seen.append(view.position)
      let stored = try reader.forEntry(view)
      #expect(Array(view.header) == stored.header)
      #expect(view.body.map { Array($0) } == stored.body)
      return view.position < 3
    }

    #expect(seen == [1, 2, 3])
  }

  @Test func `recorded events come in order with their versions`() throws {
    var events: [Recorded] = []
    try store.ledger.makeReader().forEachRecorded(in: 0..<5) { events.append($0) }

    #expect(events.map(\.position) == Array(repeating: 0, count: 9) + [1, 1, 1, 2, 3, 4])
    #expect(events.last?.version == 4)
    #expect(events.last?.environment == "production")
  }

  @Test func `a reader sees what is appended after it was made`() throws {
    let reader = try store.ledger.makeReader()
    #expect(try reader.head().size == 5)

    let receipt = try store.append(.health(), by: [.service])

    #expect(try reader.head().size == 6)
    #expect(try reader.head().checkpoint == receipt.note)
    #expect(try reader.version(of: "health/tamma.production") == 5)
    #expect(try reader.custody() == store.ledger.read { try $0.custody() })
  }

  @Test func `witnessed checkpoints are kept, others make room`() throws {
    let witnessed = try #require(try store.ledger.head().checkpoint)
    var cosigned = witnessed
    cosigned.add(NoteSignature(name: "witness.example/w1", keyID: 7, blob: [1, 2, 3]))
    try store.append(.health(), by: [.service])
    #expect(try store.ledger.read { try $0.checkpoint(ofSize: 5) } == nil)

    try store.ledger.keep(cosigned)
    try store.ledger.keep(cosigned)
    try store.append(.health(), by: [.service])

    #expect(try store.ledger.read { try $0.checkpoint(ofSize: 5) } == cosigned)
    #expect(try store.ledger.read { try $0.checkpoint(ofSize: 6) } == nil)
    #expect(try store.ledger.head().checkpoint != nil)
    let foreign = SignedNote(text: witnessed.text, signatures: [cosigned.signatures[1]])
    #expect(throws: LedgerError.checkpointForeign(size: 5)) { try store.ledger.keep(foreign) }
  }

  @Test func `a head that was asked for before shows a signature added since`() throws {
    let head = try store.ledger.head()
    var cosigned = try #require(head.checkpoint)
    cosigned.add(NoteSignature(name: "witness.example/w1", keyID: 7, blob: [1, 2, 3]))

    try store.ledger.keep(cosigned)

    #expect(try store.ledger.head().size == head.size)
    #expect(try store.ledger.head().checkpoint == cosigned)
  }

  @Test func `damaged rows are named by position`() throws {
    let connection = try Connection(path: store.path + "/ledger.sqlite", access: .writing)
    try connection.execute(
      """
      DROP TRIGGER body_is_deleted_by_retention; DROP TRIGGER entry_is_never_updated;
      DELETE FROM body WHERE position = 0;
      UPDATE entry SET recorded = 9223372036854775807 WHERE position = 4
      """)

    let rows = try StateRows(connection)
    #expect(throws: LedgerError.rowDamaged(position: 0, detail: "its body is missing")) {
      try rows.governing(from: 0, isNear: false)
    }
    let calendar = "its time is beyond the calendar"
    #expect(throws: LedgerError.rowDamaged(position: 4, detail: calendar)) {
      try rows.newest()
    }
    #expect(throws: LedgerError.rowDamaged(position: 4, detail: calendar)) {
      try EntryCursor(connection).forEach(in: 4..<5) {
        _ = try StoredEntry($0)
        return true
      }
    }
    #expect(throws: LedgerError.rowDamaged(position: 9, detail: "it is missing")) {
      try LineRows(connection).line(at: 9)
    }
    #expect(throws: LedgerError.rowDamaged(position: 9, detail: "it is missing")) {
      try LineRows(connection).recorded(at: 9)
    }
    try connection.execute(
      "DROP TRIGGER body_belongs_to_the_newest_entry; INSERT INTO body VALUES (0, '{}')")
    #expect {
      try rows.governing(from: 0, isNear: true)
    } throws: {
      guard case LedgerError.rowDamaged(position: 0, let detail) = $0 else { return false }
      return detail.contains("its body has the digest")
    }
  }
}

extension LedgerReader {
  /// The entry that was lent, read again by its position.
  func forEntry(_ view: EntryView) throws -> StoredEntry { try StoredEntry(view) }
}
