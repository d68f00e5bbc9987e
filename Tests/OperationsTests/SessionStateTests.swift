import CanonicalJSON
import Foundation
import Projections
import TestKit
import Testing

@testable import LedgerStore
@testable import Operations

/// Snapshots change how fast a state is there, and nothing else.
@Suite struct SessionStateTests {
  @Test func `a session begins with the newest snapshot and folds only the rest`() async throws {
    let shop = try await Shop()
    try await shop.leaveMarkedSnapshot()
    try await shop.probe(events: 3)

    let state = try await shop.reading().state()
    #expect(state.unreadable == Shop.mark)
    #expect(state.size == (try shop.session.ledger.head().size))
    #expect(state.health.instances(in: Shop.staging).count == 3)
    #expect(try await shop.reading().state(ofSize: state.size).unreadable == Shop.mark)
    #expect(try await shop.reading().state(ofSize: 1).unreadable == 0)
  }

  @Test(arguments: [
    "DELETE FROM snapshot",
    "UPDATE snapshot SET bytes = CAST(substr(bytes, 1, 9) || 'x' || substr(bytes, 11) AS BLOB)",
    "UPDATE snapshot SET hmac = zeroblob(32)",
    "UPDATE snapshot SET root = zeroblob(32)",
    "UPDATE snapshot SET size = size - 1",
    "UPDATE snapshot SET size = 1000000",
    "UPDATE snapshot SET revision = revision + 1",
    "UPDATE snapshot SET name = 'another'",
  ])
  func `a snapshot that is gone or damaged is folded again`(damage: String) async throws {
    let shop = try await Shop()
    try await shop.leaveMarkedSnapshot()
    try shop.alter(damage)

    #expect(try await shop.reading().state() == shop.folded())
  }

  @Test func `a snapshot of an older revision is not taken`() async throws {
    let shop = try await Shop()
    try await shop.leaveMarkedSnapshot(revision: Shop.Answers.revision - 1)

    #expect(try await shop.reading().state() == shop.folded())
  }

  @Test func `bytes that are signed and yet no state are not taken`() async throws {
    let shop = try await Shop()
    let size = try shop.session.ledger.head().size
    let earlier = try await shop.session.state(ofSize: size - 1).snapshot.canonicalBytes()
    for bytes in [Array("{}".utf8), Array("{".utf8), earlier] {
      try shop.store(bytes, size: size)
      #expect(try await shop.reading().state() == shop.folded())
    }
  }

  @Test func `a snapshot of another ledger is not taken, even under the same key`() async throws {
    let other = try await Shop()
    try await other.leaveMarkedSnapshot()
    let shop = try await Shop()
    let row = try #require(try other.snapshotRow())
    let key = try SecretFile.read(other.session.keys.snapshotKey)
    try FileManager.default.removeItem(atPath: shop.session.keys.snapshotKey)
    try SecretFile.create(shop.session.keys.snapshotKey, random: ScriptedRandom([key]))

    try shop.alter("INSERT INTO snapshot VALUES (\(row))")
    #expect(try await shop.reading().state() == shop.folded())
  }

  @Test func `without the key, or with one that others can read, every entry is folded`()
    async throws
  {
    let shop = try await Shop()
    try await shop.leaveMarkedSnapshot()
    #expect(chmod(shop.session.keys.snapshotKey, 0o644) == 0)
    #expect(try await shop.reading().state() == shop.folded())
    try FileManager.default.removeItem(atPath: shop.session.keys.snapshotKey)
    #expect(try await shop.reading().state() == shop.folded())
  }

  @Test func `whoever has folded much leaves a snapshot for the next`() async throws {
    let shop = try await Shop()
    _ = try await shop.session.state()
    await shop.session.finishKeeping()
    #expect(try shop.newest() == nil)

    try await shop.probe(events: 800)
    let keeping = try shop.keeping()
    let state = try await keeping.state()
    await keeping.finishKeeping()

    let snapshot = try #require(try shop.newest())
    #expect(snapshot.size == state.size)
    #expect(try snapshot.bytes == shop.folded().snapshot.canonicalBytes())
  }

  @Test func `a snapshot comes only after four times its own bytes of entries`() async throws {
    let shop = try await Shop()
    try await shop.probe(events: 800)
    let keeping = try shop.keeping()
    let first = try await keeping.state().size
    await keeping.finishKeeping()

    try await shop.probe(events: 1)
    _ = try await keeping.state()
    await keeping.finishKeeping()
    #expect(try shop.newest()?.size == first)

    for _ in 0..<16 { try await shop.probe(events: 800) }
    let state = try await keeping.state()
    await keeping.finishKeeping()
    #expect(try #require(try shop.newest()).size > first)
    #expect(state.size == first + 17)
  }

  @Test func `whoever has much to catch up with leaves snapshots on the way`() async throws {
    let shop = try await Shop()
    for _ in 0..<12 { try await shop.probe(events: 200) }

    let keeping = try shop.keeping()
    let state = try await keeping.state()
    await keeping.finishKeeping()

    #expect(try state == shop.folded())
    let halfway = try #require(try shop.newest(upTo: state.size - 6))
    #expect(halfway.size > state.size - 12)
    #expect(
      try await halfway.bytes
        == shop.session.state(ofSize: halfway.size).snapshot.canonicalBytes())
  }

  @Test func `a snapshot that cannot be stored fails nothing, and comes later`() async throws {
    let shop = try await Shop()
    let keeping = try shop.keeping()
    // As another process that appends; no program that another test starts may keep it.
    let lock = open(shop.workspace.ledger + "/lock", O_RDWR | O_CLOEXEC)
    #expect(flock(lock, LOCK_EX) == 0)

    #expect(try await keeping.state() == shop.folded())
    await keeping.finishKeeping()
    #expect(try shop.newest() == nil)

    #expect(flock(lock, LOCK_UN) == 0)
    close(lock)
    try await shop.probe(events: 1)
    let state = try await keeping.state()
    await keeping.finishKeeping()
    #expect(try shop.newest()?.size == state.size)
  }

  @Test func `whoever only reads stores nothing`() async throws {
    let shop = try await Shop()
    let ledger = try shop.reading().ledger
    let reading = Session(
      workspace: shop.workspace, ledger: ledger, keys: shop.session.keys,
      origin: shop.session.origin, time: shop.time, random: shop.session.random,
      snapshotInterval: 1)

    #expect(try await reading.state() == shop.folded())
    await reading.finishKeeping()
    #expect(try shop.newest() == nil)
  }

  @Test func `the state of every earlier size is the same with snapshots and without`()
    async throws
  {
    let shop = try await Shop()
    _ = try await shop.build("first")
    for count in 1...5 { try await shop.probe(events: count) }
    let size = try shop.session.ledger.head().size
    let plain = try await shop.states(upTo: size)
    for kept in stride(from: 0, through: size, by: size / 3) {
      try shop.store(plain[kept].snapshot.canonicalBytes(), size: kept)
    }

    #expect(try await shop.states(upTo: size) == plain)
    #expect(plain[size] == (try shop.folded()))
  }

  @Test func `a missing entry is named, not passed over`() async throws {
    let shop = try await Shop()
    try await shop.probe(events: 1)
    let session = try shop.reading()
    try shop.alter(
      """
      PRAGMA foreign_keys = OFF; DROP TRIGGER entry_is_never_deleted;
      DELETE FROM entry WHERE position = 1
      """)

    await #expect(throws: LedgerError.rowDamaged(position: 1, detail: "it is missing")) {
      try await session.state(ofSize: 2)
    }
    await #expect(throws: LedgerError.rowDamaged(position: 1, detail: "it is missing")) {
      try await session.state()
    }
  }
}
