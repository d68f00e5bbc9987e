import Events
import Foundation
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// A ledger put together from copies, before it takes the live one's place.
@Suite struct StagedLedgerTests {
  let store: TemporaryLedger
  let folder: BackupFolder
  let live: LedgerDirectory

  init() throws {
    store = try TemporaryLedger()
    try store.append(.health(), by: [.service])
    folder = BackupFolder(store.directory.file("backup"))
    _ = try folder.write(copyOf: LedgerDirectory(store.path))
    live = LedgerDirectory(store.directory.file("restored"))
  }

  func stage(_ ledger: String? = nil) throws -> StagedLedger {
    try StagedLedger(
      .init(ledger: ledger ?? folder.ledger, vault: folder.vault, peopleKeys: nil), for: live)
  }

  @Test func `what Litestream adds to a database is taken out of the copy`() throws {
    let replicated = try Connection(path: folder.ledger, access: .writing)
    try replicated.execute("CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)")
    try replicated.execute("CREATE TABLE _litestream_lock (id INTEGER)")

    let staged = try stage()

    try staged.anchor()
    let opened = try Ledger.open(directory: staged.directory.path, for: .reading)
    #expect(try opened.head() == store.ledger.head())
  }

  @Test func `any other table is refused`() throws {
    try Connection(path: folder.ledger, access: .writing).execute("CREATE TABLE other (x)")

    #expect(throws: LedgerError.self) { try stage() }
  }

  @Test func `a ledger where none was is published with its anchor, and nothing put aside`()
    throws
  {
    let staged = try stage()
    try staged.anchor()

    try staged.publish(over: LiveMark(of: live), erasing: [], at: .earliest) { _ in }

    let names = try FileManager.default.contentsOfDirectory(atPath: live.path).sorted()
    #expect(
      names == ["anchor", "ledger.sqlite", "lock", "vault-keys.sqlite", "vault.sqlite"])
    let opened = try Ledger.open(
      directory: live.path, secrets: store.secrets, time: store.time, random: store.random)
    #expect(try opened.head() == store.ledger.head())
    #expect(try !StagedLedger.resume(live))
  }

  @Test func `what was appended while a copy was verified is not thrown away`() throws {
    let here = LedgerDirectory(store.path)
    let mark = try LiveMark(of: here)
    let staged = try StagedLedger(
      .init(ledger: folder.ledger, vault: folder.vault, peopleKeys: nil), for: here)
    try staged.anchor()
    try store.append(.health(), by: [.service])
    let head = try store.ledger.head()

    #expect(throws: LedgerError.changedMeanwhile(path: store.path)) {
      try staged.publish(over: mark, erasing: [], at: .earliest) { _ in }
    }

    #expect(try store.another().head() == head)
    try store.append(.health(), by: [.service])
    let names = try FileManager.default.contentsOfDirectory(atPath: store.path)
    #expect(!names.contains { $0.hasPrefix("replaced-") })
  }

  @Test func `a directory that somebody has is not waited for, and is free after them`() throws {
    let first = try DirectoryLock(store.path)
    #expect(throws: LedgerError.directoryBusy(path: store.path)) {
      try DirectoryLock(store.path)
    }
    withExtendedLifetime(first) {}
  }

  @Test func `staged behind what was lost, it accepts an incarnation and nothing else`() throws {
    try store.append(.health(), by: [.service])
    let newest = try #require(try store.ledger.head().checkpoint)
    let staged = try stage()
    try staged.anchor(newest.serialized)
    let ahead = LedgerError.logMissing(path: staged.directory.log, anchored: 3, size: 2)

    #expect(throws: ahead) {
      try Ledger.open(directory: staged.directory.path, for: .appending)
    }
    let ledger = try Ledger.open(
      directory: staged.directory.path, for: .startingIncarnation, secrets: store.secrets,
      time: store.time, random: store.random)
    let ordinary = try Self.ordinary(folder, store)
    #expect(throws: ahead) { try ledger.append(ordinary) }
  }

  /// An entry whose signer has seen no more than the copy has.
  private static func ordinary(
    _ folder: BackupFolder, _ store: TemporaryLedger
  ) throws -> SignedEnvelope {
    let position = try folder.directory.reading { try $0.head().size }
    let stored = try store.ledger.read { try $0.entry(at: position) }
    return SignedEnvelope(
      header: stored.header, body: stored.body ?? [], signatures: stored.signatures)
  }

  @Test func `a copy without a checkpoint has nothing to anchor`() throws {
    try Connection(path: folder.ledger, access: .writing).execute("DELETE FROM checkpoint")
    let staged = try stage()

    #expect(
      throws: LedgerError.anchorMissing(path: staged.directory.database, size: 0)
    ) { try staged.anchor() }
  }
}
