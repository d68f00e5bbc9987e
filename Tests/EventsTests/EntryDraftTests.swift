import CanonicalJSON
import Events
import Testing

/// From what somebody wants to record to a header and a body.
@Suite struct EntryDraftTests {
  let draft = EntryDraft(
    [
      DraftEvent(LeaseReleased(), in: "lease/tamma.production", scope: Sample.place),
      DraftEvent(LeaseReleased(), in: "lease/tamma.production", scope: Sample.place),
      DraftEvent(
        DeploymentSucceeded(durationMs: 1, release: 2), in: .deployment(Sample.deployment),
        scope: Sample.place),
      DraftEvent(LeaseReleased(), in: "lease/tamma.production", scope: Sample.place),
    ], expects: ["release/tamma.production": 2], because: [Sample.entry])

  @Test func `neighbours become runs, numbered on in each stream`() {
    let runs = draft.runs { $0.prefix == "lease" ? 5 : 1 }

    #expect(
      runs == [
        Sample.run("lease.released.v1", "lease/tamma.production", count: 2, version: 5),
        Sample.run("deployment.succeeded.v1", .deployment(Sample.deployment)),
        Sample.run("lease.released.v1", "lease/tamma.production", version: 7),
      ])
  }

  @Test func `the header and the body belong together`() throws {
    let body = draft.body(salt: [UInt8](repeating: 9, count: 16))
    let header = draft.header(
      entry: Sample.entry, actor: Sample.actor, at: Sample.noon, ledger: Sample.origin,
      seen: Sample.seen, body: Sample.digest, nextVersion: { _ in 1 })

    try body.check(against: header)
    #expect(header.expects == ["release/tamma.production": 2])
    #expect(header.because == [Sample.entry])
    #expect(try EntryHeader(parsing: header.canonicalBytes) == header)
  }

  @Test func `each stream is written down once`() {
    #expect(draft.streams == ["lease/tamma.production", .deployment(Sample.deployment)])
  }

  @Test func `a recorded event carries its place in the entry`() throws {
    let body = draft.body(salt: [UInt8](repeating: 9, count: 16))
    let behalf = Behalf(
      actor: .make(at: .earliest, random: [UInt8](repeating: 5, count: 10)),
      evidence: Sample.digest)
    let header = draft.header(
      entry: Sample.entry, actor: Sample.actor, behalf: behalf, at: Sample.noon,
      ledger: Sample.origin, seen: Sample.seen, body: Sample.digest, nextVersion: { _ in 3 })

    let events = Recorded.events(
      of: header, data: body.data, position: 8, recorded: Sample.noon)

    #expect(events.map(\.index) == [0, 1, 2, 3])
    #expect(events.map(\.version) == [3, 4, 3, 5])
    #expect(events.allSatisfy { $0.position == 8 && $0.actingFor == behalf.actor })
    #expect(events[2].application == "tamma")
    #expect(events[2].environment == "production")
    #expect(
      events[2].event
        == .deployment(.succeeded(DeploymentSucceeded(durationMs: 1, release: 2))))
  }
}
