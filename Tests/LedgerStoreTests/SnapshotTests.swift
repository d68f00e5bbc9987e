import CanonicalJSON
import Events
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// Snapshots are a cache that cannot lie: what is not ours, or not of this history, is not there.
@Suite struct SnapshotTests {
  let store: TemporaryLedger

  init() throws {
    store = try TemporaryLedger()
    for _ in 0..<4 { try store.append(.health(), by: [.service]) }
  }

  func snapshot(_ size: Int, revision: Int = 1) -> Snapshot {
    Snapshot(
      name: "releases", revision: revision, size: size, bytes: [UInt8](repeating: 9, count: size))
  }

  func newest(upTo size: Int = 5, revision: Int = 1) throws -> Snapshot? {
    try store.ledger.snapshot("releases", revision: revision, upTo: size)
  }

  @Test func `the newest state of at most the size asked for comes back`() throws {
    for size in [0, 2, 4] { try store.ledger.store(snapshot(size)) }

    #expect(try newest() == snapshot(4))
    #expect(try newest(upTo: 4) == snapshot(4))
    #expect(try newest(upTo: 3) == snapshot(2))
    #expect(try newest(upTo: 1) == snapshot(0))
    #expect(try store.ledger.snapshot("another", revision: 1, upTo: 5) == nil)
  }

  @Test func `a new revision replaces the states of the old`() throws {
    for size in [2, 4] { try store.ledger.store(snapshot(size)) }
    try store.ledger.store(snapshot(3, revision: 2))

    #expect(try newest() == nil)
    #expect(try newest(revision: 2) == snapshot(3, revision: 2))
  }

  @Test func `a state of one size is replaced`() throws {
    try store.ledger.store(snapshot(2))
    let other = Snapshot(name: "releases", revision: 1, size: 2, bytes: [1])
    try store.ledger.store(other)

    #expect(try newest() == other)
  }

  @Test func `all are kept, but none of more entries than there are`() throws {
    try store.ledger.store(snapshot(0))
    try alter("UPDATE snapshot SET size = 99")
    for size in 1...5 { try store.ledger.store(snapshot(size)) }

    #expect(try count() == 5)
    #expect(try newest(upTo: 0) == nil)
    #expect(try newest(upTo: 1) == snapshot(1))
  }

  @Test func `a ledger opened without the key is read with one that is given`() throws {
    try store.ledger.store(snapshot(4))
    let reading = try store.another(for: .reading, secrets: LedgerSecrets())

    #expect(try reading.snapshot("releases", revision: 1, upTo: 5) == nil)
    let key = store.secrets.snapshotKey
    #expect(try reading.snapshot("releases", revision: 1, upTo: 5, key: key) == snapshot(4))
  }

  @Test func `a snapshot does not wait for another writer`() throws {
    let path = store.path + "/lock"
    try WriterLock(LedgerDirectory(store.path)).holding {
      _ = #expect(throws: LedgerError.writerBusy(path: path, milliseconds: 0)) {
        try store.ledger.store(snapshot(4))
      }
    }
    #expect(try newest() == nil)
  }

  @Test func `storing one takes in what another process has appended, names included`() throws {
    let other = try store.another()
    let beforehand = try store.envelope(.health(), by: [.service])
    _ = try other.append(beforehand)
    try store.ledger.store(snapshot(6))

    let receipt = try store.append(.health(), by: [.service])
    #expect(receipt.index == 6)
    #expect(try store.ledger.version(of: .health("tamma", "production")) == 6)
  }

  @Test(arguments: [
    "bytes = x'01'", "size = 3", "revision = 1, name = 'releases', hmac = zeroblob(32)",
    "root = zeroblob(32)",
  ])
  func `an altered row is passed over for the one before it`(change: String) throws {
    for size in [2, 4] { try store.ledger.store(snapshot(size)) }

    try alter("UPDATE snapshot SET \(change) WHERE size = 4")

    #expect(try newest() == snapshot(2))
  }

  @Test func `only the four newest are tried`() throws {
    for size in 1...5 { try store.ledger.store(snapshot(size)) }

    try alter("UPDATE snapshot SET bytes = x'01' WHERE size > 2")
    #expect(try newest() == snapshot(2))

    try alter("UPDATE snapshot SET bytes = x'01' WHERE size = 2")
    #expect(try newest() == nil)
    #expect(try newest(upTo: 4) == snapshot(1))
  }

  @Test func `a row of another name does not stand for this one`() throws {
    try store.ledger.store(Snapshot(name: "costs", revision: 1, size: 4, bytes: [7]))
    try alter("UPDATE snapshot SET name = 'releases'")

    #expect(try newest() == nil)
  }

  @Test func `states made with another key are not ours`() throws {
    try store.ledger.store(snapshot(4))
    var secrets = store.secrets
    secrets.snapshotKey = Array(repeating: 1, count: 32)
    try store.reopen(secrets: secrets)

    #expect(try newest() == nil)
  }

  @Test func `without a key nothing is stored and nothing comes back`() throws {
    try store.ledger.store(snapshot(2))
    var secrets = store.secrets
    secrets.snapshotKey = nil
    try store.reopen(secrets: secrets)
    try store.ledger.store(snapshot(4))

    #expect(try newest() == nil)
    try store.reopen()
    #expect(try newest() == snapshot(2))
  }

  @Test func `a state of entries that are not there is not stored`() throws {
    #expect(throws: LedgerError.positionOutside(position: 8, size: 5)) {
      try store.ledger.store(snapshot(9))
    }
  }

  @Test func `a state of another history is not of this one`() throws {
    let other = try TemporaryLedger()
    for _ in 0..<4 { try other.append(.health(2), by: [.service]) }
    try other.ledger.store(snapshot(4))
    let row = try Connection(path: other.path + "/ledger.sqlite", access: .reading)
      .text("SELECT quote(root) || ', ' || quote(hmac) || ', ' || quote(bytes) FROM snapshot")

    try alter("INSERT INTO snapshot VALUES ('releases', 1, 4, \(try #require(row)))")

    #expect(try newest() == nil)
  }

  private func count() throws -> Int {
    let text = try Connection(path: store.path + "/ledger.sqlite", access: .reading)
      .text("SELECT count(*) || '' FROM snapshot")
    return try #require(text.flatMap { Int($0) })
  }

  private func alter(_ sql: String) throws {
    try Connection(path: store.path + "/ledger.sqlite", access: .writing).execute(sql)
  }
}
