import CanonicalJSON
import Events
import LedgerStore
import TestKit
import Testing
import TransparencyLog

@testable import Operations

/// What a session remembers from one append to the next, and when it must not.
@Suite struct RecordingTests {
  private func header(_ recording: Recording, in shop: Shop) throws -> EntryHeader {
    let entry = try shop.session.ledger.read { try $0.entry(at: recording.position) }
    return try EntryHeader(parsing: entry.header)
  }

  @Test func `each entry vouches for the tree of the receipt before it`() async throws {
    let shop = try await Shop()
    let service = try await shop.session.signer(.service)

    let first = try await shop.session.recordFact(.health(), by: service)
    let second = try await shop.session.recordFact(.health(), by: service)

    let seen = try header(second, in: shop).seen
    #expect(seen.size == first.position + 1)
    #expect(try seen == first.seen)
    #expect(try seen.root == shop.session.ledger.read { try $0.root(ofSize: seen.size) })
    #expect(try header(second, in: shop).entry == second.entry)
    let stored = try shop.session.ledger.read { try $0.entry(at: second.position) }
    #expect(try second.recorded == stored.recorded)
  }

  @Test func `facts of two sessions on one stream are numbered on, whoever writes`() async throws {
    let shop = try await Shop()
    let other = try Session.open(
      shop.workspace, for: .appending, variables: shop.variables, time: shop.time)
    let service = try await shop.session.signer(.service)

    var versions: [Int] = []
    for session in [shop.session, shop.session, other, shop.session, other, other] {
      let recording = try await session.recordFact(.health(2), by: service)
      versions += try header(recording, in: shop).events.map(\.version)
    }

    #expect(versions == [1, 3, 5, 7, 9, 11])
  }
}

@Suite struct WrittenVersionsTests {
  @Test func `a stream goes on behind what was written to it, and unknown ones are read`() {
    var written = WrittenVersions()
    let stream = EntryDraft.health().events[0].stream

    written.note(.health(3), first: [stream: 8])
    #expect(written.next(of: stream) == 11)
    written.note(.health(1), first: [stream: 11])
    #expect(written.next(of: stream) == 12)
    #expect(written.next(of: .ledger) == nil)
    written.forget()
    #expect(written.next(of: stream) == nil)
  }
}
