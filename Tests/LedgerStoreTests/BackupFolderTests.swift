import CanonicalJSON
import Events
import Foundation
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// A ledger's copy in a folder of its own, as files.
@Suite struct BackupFolderTests {
  let store: TemporaryLedger
  let observer = StoppingWrites()
  let folder: BackupFolder

  init() throws {
    store = try TemporaryLedger(observer: observer)
    folder = BackupFolder(store.directory.file("backup"))
    for words in ["one", "two"] { _ = try store.ledger.append(store.approval(words)) }
  }

  func text(_ sql: String, in path: String) throws -> String? {
    try Connection(path: path, access: .reading).text(sql)
  }

  @Test func `the copy has every entry, and what they sealed`() throws {
    let receipt = try folder.write(copyOf: LedgerDirectory(store.path))

    let head = try store.ledger.head()
    #expect(try folder.directory.reading { try $0.head() } == head)
    #expect(receipt.index == 2)
    #expect(receipt.note == head.checkpoint)
    #expect(try String(contentsOfFile: folder.receipt, encoding: .utf8) == receipt.serialized)
    #expect(try text("SELECT count(*) FROM sealed WHERE settled = 1", in: folder.vault) == "2")
    #expect(try text("PRAGMA integrity_check", in: folder.ledger) == "ok")
  }

  @Test func `it has no anchor, nobody's key, and is its owner's alone`() throws {
    _ = try folder.write(copyOf: LedgerDirectory(store.path))

    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["ledger.receipt", "ledger.sqlite", "vault.sqlite"])
    for name in names {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
    #expect(throws: LedgerError.anchorMissing(path: folder.path + "/anchor", size: 3)) {
      try Ledger.open(directory: folder.path, for: .reading)
    }
  }

  @Test func `what was sealed for an entry that never came is left out`() throws {
    observer.stop(at: .vaultCommitted)
    #expect(throws: StoppingWrites.stopped) { try store.ledger.append(store.approval("three")) }

    _ = try folder.write(copyOf: LedgerDirectory(store.path))

    #expect(try text("SELECT count(*) FROM sealed", in: store.path + "/vault.sqlite") == "3")
    #expect(try text("SELECT count(*) FROM sealed", in: folder.vault) == "2")
  }

  @Test func `what is committed and not yet in the file itself is copied too`() throws {
    let log = store.path + "/ledger.sqlite-wal"
    let size = try #require(
      try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int)
    try #require(size > 0)

    _ = try folder.write(copyOf: LedgerDirectory(store.path))

    #expect(try folder.directory.reading { try $0.head().size } == 3)
  }

  @Test func `others append while a reader holds the copied moment`() throws {
    _ = try folder.draft.write(copyOf: LedgerDirectory(store.path))
    try store.append(.health(), by: [.service])
    try folder.publish()

    #expect(try folder.directory.reading { try $0.head().size } == 3)
    #expect(try store.ledger.head().size == 4)
  }

  @Test func `what a crash left of a draft is replaced`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    try Data("half".utf8).write(to: URL(fileURLWithPath: folder.ledger))

    let kept = try folder.keepDraft()
    defer { withExtendedLifetime(kept) {} }
    _ = try folder.write(copyOf: LedgerDirectory(store.path))

    #expect(try folder.directory.reading { try $0.head().size } == 3)
  }

  @Test func `a draft that somebody else makes is left to them`() throws {
    let mine = try folder.draft.keepDraft()
    _ = try folder.draft.write(copyOf: LedgerDirectory(store.path))

    #expect(throws: LedgerError.directoryBusy(path: folder.draft.path)) {
      try folder.draft.keepDraft()
    }
    try folder.publish()

    #expect(try folder.directory.reading { try $0.head().size } == 3)
    let next = try folder.draft.keepDraft()
    withExtendedLifetime((mine, next)) {}
  }

  @Test func `a name that is taken stays what it is`() throws {
    let taken = BackupFolder(store.path)
    _ = try taken.draft.write(copyOf: LedgerDirectory(store.path))

    #expect(!taken.isFree)
    #expect(throws: LedgerError.exists(path: store.path)) { try taken.publish() }
    taken.draft.remove()
    #expect(taken.draft.isFree)
  }

  @Test func `a copy that somebody writes to is not taken for whole`() throws {
    _ = try folder.write(copyOf: LedgerDirectory(store.path))
    let other = try Connection(path: folder.ledger, access: .writing)
    try other.execute("INSERT INTO snapshot VALUES ('x', 1, 0, zeroblob(32), zeroblob(32), x'')")

    #expect(throws: LedgerError.copyInUse(path: folder.ledger)) { try folder.tidy() }
  }

  @Test func `what is no database is not copied, and what is missing is said to be`() throws {
    let text = store.directory.file("text")
    try Data(repeating: 0x41, count: 8_192).write(to: URL(fileURLWithPath: text))
    let target = store.directory.file("target")

    #expect(throws: LedgerError.self) { try DatabaseCopy.make(of: text, at: target) }
    #expect(throws: LedgerError.notFound(path: text + "x")) {
      try DatabaseCopy.make(of: text + "x", at: target)
    }
    #expect(throws: LedgerError.system(operation: "open", path: text, errno: EEXIST)) {
      try DatabaseCopy.make(of: store.path + "/ledger.sqlite", at: text)
    }
  }

  @Test func `people's keys are copied on their own, and replaced by the next copy`() throws {
    let keys = try PeopleKeys(resolving: store.directory.file("people-keys.sqlite"))
    try keys.write(copyOf: LedgerDirectory(store.path))
    #expect(try text("SELECT count(*) FROM person", in: keys.path) == "1")

    try store.ledger.erase(GoldenKey.approver.owner)
    try keys.write(copyOf: LedgerDirectory(store.path))

    #expect(try text("SELECT count(*) FROM person", in: keys.path) == "0")
    #expect(try text("SELECT count(*) FROM tombstone", in: keys.path) == "1")
    let left = try FileManager.default.contentsOfDirectory(atPath: store.directory.path)
    #expect(left.filter { $0.contains(".partial") } == [])
  }
}
