import CanonicalJSON
import Events
import Projections
import Testing

/// One pass over stored bytes against events read one by one, and snapshots against both.
@Suite struct ReplayTests {
  @Test(arguments: UInt64(1)...12)
  func `a replay of stored bytes equals reading every event properly`(seed: UInt64) throws {
    let ledger = try RandomLedger.make(seed: seed, entries: 120)

    let properly = try ledger.readProperly()
    let replayed = try ledger.replayed()

    #expect(replayed == properly)
    #expect(
      try replayed.snapshot.canonicalBytes() == properly.snapshot.canonicalBytes())
  }

  @Test(arguments: UInt64(100)...103)
  func `going on from any snapshot equals one fold, byte for byte`(seed: UInt64) throws {
    let ledger = try RandomLedger.make(seed: seed, entries: 50)
    let whole = try ledger.replayed()
    let bytes = try whole.snapshot.canonicalBytes()

    var states: [LedgerState] = [LedgerState()]
    var state = LedgerState()
    try ledger.forEach { entry in
      try state.apply(entry)
      states.append(state)
    }
    for earlier in states {
      let stored = try earlier.snapshot.canonicalBytes()
      let restored = try LedgerState(snapshot: JSONValue(parsing: stored))
      #expect(restored == earlier)
      let continued = try ledger.replayed(onto: restored)
      #expect(continued == whole)
      #expect(try continued.snapshot.canonicalBytes() == bytes)
    }
  }

  @Test func `a snapshot of another revision is refused`() throws {
    var snapshot = try #require(LedgerState().snapshot.objectValue)
    snapshot["revision"] = .integer(Int64(LedgerState.revision) - 1)

    #expect(throws: FormFault.self) { try LedgerState(snapshot: .object(snapshot)) }
  }

  @Test func `what nobody can read is counted`() throws {
    var ledger = StoredLedger()
    try ledger.record(raw: ["a": 1], kind: "lease.renewed.v1", in: "lease/tamma.production")
    try ledger.record(raw: [:], kind: "health.checked.v1", in: "health/tamma.production")

    let state = try ledger.replayed()
    #expect(state.unreadable == 2)
    #expect(state.size == 2)
  }

  @Test func `a kind of a newer version passes by`() throws {
    var ledger = StoredLedger()
    try ledger.record(raw: ["a": 1], kind: "budget.alarmed.v1", in: "budget/tamma.production")

    let state = try ledger.replayed()
    #expect(state.size == 1)
    #expect(state.unreadable == 0)
  }

  @Test func `pruned telemetry passes by, a missing permanent body does not`() throws {
    var ledger = StoredLedger()
    try ledger.record(LeaseReleased(), in: "lease/tamma.production")
    try ledger.record(
      HealthChanged(
        component: "a", instance: "a", from: .unknown, to: .healthy, reason: "3 passes"),
      in: "health/tamma.production")
    try ledger.record(
      HealthChecked(component: "a", instance: "a", latencyUs: 1, verdict: .pass),
      in: "health/tamma.production")
    ledger.prune(1)
    ledger.prune(2)

    let state = try ledger.replayed()
    #expect(state.size == 3)
    #expect(state.health.instances(in: Story.place).isEmpty)

    ledger.prune(0)
    #expect(
      throws: EntryFormError.bodyForm(
        .field(path: "", expected: "present, as it is permanent"))
    ) { try ledger.replayed() }
  }

  @Test func `bytes that are no header and no body are refused`() throws {
    var ledger = StoredLedger()
    ledger.append(StoredLedger.Row(recorded: .earliest, header: Array("{".utf8), body: []))
    #expect(throws: EntryFormError.headerForm(.json(JSONFormError(.endOfText, at: 1)))) {
      try ledger.replayed()
    }

    var broken = StoredLedger()
    try broken.record(
      HealthChecked(component: "a", instance: "a", latencyUs: 1, verdict: .pass),
      in: "health/tamma.production")
    let header = broken.rows[0].header
    var short = StoredLedger()
    short.append(StoredLedger.Row(recorded: .earliest, header: header, body: Array("[".utf8)))
    #expect(throws: EntryFormError.bodyForm(.json(JSONFormError(.unexpectedByte, at: 0)))) {
      try short.replayed()
    }
  }

  @Test func `a header cut anywhere is refused, and never read past its end`() throws {
    var ledger = StoredLedger()
    try ledger.record(
      EntryDraft([
        DraftEvent(
          HealthChecked(component: "a", instance: "a", latencyUs: 1, verdict: .pass),
          in: "health/tamma.production", scope: Story.place.scope)
      ]), behalf: Behalf(actor: Story.person, evidence: Digest(bytes: [UInt8](1...32))))
    let row = ledger.rows[0]
    let usable = String(decoding: row.header, as: UTF8.self)
    // What follows the runs is not looked at again: it was checked when it was appended.
    let endOfRuns = try #require(usable.utf8.firstRange(of: Array("],\"expects\"".utf8)))
    let length = usable.utf8.distance(from: usable.utf8.startIndex, to: endOfRuns.lowerBound)

    for count in 0...length {
      var cut = StoredLedger()
      cut.append(
        StoredLedger.Row(
          recorded: row.recorded, header: Array(row.header.prefix(count)), body: row.body))
      #expect(throws: EntryFormError.self, "\(count) bytes") { try cut.replayed() }
    }
  }
}
