import CanonicalJSON
import Events
import Testing

/// Headers, bodies and lines against the golden ledger, byte for byte.
@Suite struct GoldenEntryTests {
  @Test(arguments: Golden.ledger.entries)
  func `a golden header is read and written again byte for byte`(golden: Golden.Entry) throws {
    let header = try EntryHeader(parsing: Array(golden.header.utf8))

    #expect(header.canonicalText == golden.header)
    #expect(header.ledger.description == Golden.ledger.origin)
  }

  @Test(arguments: Golden.ledger.entries)
  func `a golden body is read and written again byte for byte`(golden: Golden.Entry) throws {
    let header = try EntryHeader(parsing: Array(golden.header.utf8))
    let body = try EntryBody(parsing: Array(golden.body.utf8))

    try body.check(against: header)
    #expect(try body.canonicalBytes() == Array(golden.body.utf8))
  }

  @Test(arguments: Golden.ledger.entries)
  func `a golden line is rebuilt from its parts and read back`(golden: Golden.Entry) throws {
    let signatures = try golden.signatures.reversed().map {
      EntrySignature(
        keyid: try #require(Digest(hex: $0.keyid)), signature: try #require(Base64.decode($0.sig)))
    }
    let line = EntryLine(
      header: Array(golden.header.utf8), signatures: signatures,
      recorded: try Timestamp(parsing: golden.recorded))

    #expect(line.text == golden.line)
    #expect(try EntryLine(parsing: Array(golden.line.utf8)) == line)
  }

  @Test(arguments: Golden.ledger.entries)
  func `a golden entry obeys every rule that needs no state`(golden: Golden.Entry) throws {
    let header = try EntryHeader(parsing: Array(golden.header.utf8))
    let recorded = try Timestamp(parsing: golden.recorded)

    let retention = try EntryRules.checkRuns(of: header)
    try EntryRules.checkClock(of: header, recorded: recorded)
    try EntryRules.checkExpectations(of: header)
    #expect(retention == expectedRetention(of: golden))
  }

  private func expectedRetention(of golden: Golden.Entry) -> RetentionClass {
    switch golden.position {
    case 5: .evidence
    case 8: .telemetry
    default: .permanent
    }
  }

  @Test func `illustrative data of kinds that do not govern is accepted by the format`() throws {
    let golden = Golden.entry(4)
    let header = try EntryHeader(parsing: Array(golden.header.utf8))
    let body = try EntryBody(parsing: Array(golden.body.utf8))

    let events = Recorded.events(
      of: header, data: body.data, position: 4, recorded: try Timestamp(parsing: golden.recorded))

    guard case .unreadable(let kind, let fault) = events[0].event else {
      Issue.record("a configuration without difference was read as \(events[0].event)")
      return
    }
    #expect(kind == "configuration.applied.v1")
    #expect(fault == .field(path: "difference", expected: "present"))
    #expect(events[1].event == .release(ReleaseStarted(cause: .configuration)))
    #expect(events[1].version == 1)
    #expect(events[1].index == 1)
  }

  @Test(arguments: Golden.ledger.sealed)
  func `a golden sealed value is found at its pointer`(golden: Golden.SealedValue) throws {
    let entry = try #require(
      try Golden.ledger.entries.first {
        try EntryHeader(parsing: Array($0.header.utf8)).entry.description == golden.entry
      })
    let body = try EntryBody(parsing: Array(entry.body.utf8))
    let sealed = Sealed(
      commitment: try #require(Digest(hex: golden.commitment)),
      subject: try SubjectID(parsing: golden.subject))
    let place = SealedPlace(index: golden.event, pointer: golden.pointer, sealed: sealed)

    #expect(SealedPlace.all(in: body.data).contains(place))
    #expect(
      JSONPointer.resolve(golden.pointer, in: .object(body.data[golden.event])) == sealed.json)
  }

  @Test(arguments: Golden.ledger.sealed)
  func `a ciphertext is bound to its place as the golden ledger binds it`(
    golden: Golden.SealedValue
  ) throws {
    let bytes = Sealed.associatedData(
      origin: try Origin(parsing: Golden.ledger.origin), entry: try EntryID(parsing: golden.entry),
      index: golden.event, pointer: golden.pointer)

    #expect(Hex.encode(bytes) == golden.associatedData)
  }
}
