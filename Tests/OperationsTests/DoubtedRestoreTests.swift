import CanonicalJSON
import Events
import Foundation
import TestKit
import Testing
import TransparencyLog
import Verification

@testable import LedgerStore
@testable import Operations

/// A restore where something beside the database is lost, forged, or older than an erasure.
@Suite struct DoubtedRestoreTests {
  let shop: Shop
  let copy: String
  var ledger: String { shop.workspace.ledger }
  var live: LedgerDirectory { LedgerDirectory(ledger) }

  init() async throws { (shop, copy) = try await Shop.backedUp() }

  @Test func `a ledger that has lost only its anchor is not replaced by fewer entries`()
    async throws
  {
    try await shop.remark("one more")
    try shop.lose("anchor")
    try shop.forgetCheckpoints()

    await #expect(throws: RestoreError.newer(path: ledger, here: 6, copied: 5)) {
      try await shop.restore(copy)
    }
    let restored = try await shop.restore(live.database)

    #expect(restored.size == 7)  // With the decision.
    #expect(try await shop.verify().verdict == .verified)
  }

  @Test func `what a damaged database has had signed is lost with it, and said`() async throws {
    try await shop.remark("one more")
    try shop.tamper(live.database, "UPDATE body SET body = '{}' WHERE position = 1")
    try shop.lose("anchor")
    try shop.forgetCheckpoints()

    await #expect(
      throws: RestoreError.lost(source: live.database, known: 6, copied: 5, copy: copy)
    ) { try await shop.restore(copy) }
    let restored = try await shop.restore(copy) { $0.startsIncarnation = true }

    #expect(restored.incarnation?.lost == 1)
    #expect(try await shop.verify().verdict == .verified)
  }

  @Test func `a ledger that does not open as one is given up by a new incarnation`() async throws {
    try await shop.remark("one more")
    try Connection(path: live.database, access: .writing).execute("CREATE TABLE other (x)")

    await #expect(
      throws: RestoreError.lost(source: live.anchor, known: 6, copied: 5, copy: copy)
    ) { try await shop.restore(copy) }
    _ = try await shop.restore(copy) { $0.startsIncarnation = true }

    #expect(try await shop.verify().verdict == .verified)
  }

  @Test func `an anchor that nobody has signed is not believed`() async throws {
    let note = try #require(try live.anchored().first?.note)
    var lines = note.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[1] = "1000"
    try shop.lose("anchor")
    try StagedAnchor.write(lines.joined(separator: "\n"), in: live)

    let found = try await shop.verify().report.findings.map(\.error.name)
    await #expect(throws: HistoryError.unsigned(source: live.anchor, size: 1_000)) {
      try await shop.restore(copy) { $0.startsIncarnation = true }
    }

    #expect(found == ["checkpointSignature"])
    try shop.lose("anchor")
    _ = try await shop.restore(copy)
    #expect(try await shop.verify().verdict == .verified)
  }

  @Test func `who was erased is erased in people's keys that stay, and in what is put aside`()
    async throws
  {
    // As when the vault's files are older than the erasure.
    try TombstoneFile(path: shop.session.keys.tombstones).add(
      shop.person.actor, at: shop.time.now())

    let restored = try await shop.restore(copy)

    #expect(restored.erased == [shop.person.actor])
    let keys = try Connection(path: live.vaultKeys, access: .reading)
    #expect(try keys.text("SELECT count(*) FROM person") == "0")
    let aside = try Connection(path: ledger + "/replaced-1/vault.sqlite", access: .reading)
    #expect(try aside.text("SELECT count(*) FROM sealed") == "0")
    let session = try shop.open()
    #expect(
      try session.ledger.reveal(at: 3, index: 0, pointer: "/change/message")
        == .erased(shop.person.actor))
  }

  @Test func `who is erased by the ledger's own record comes back with no older file`()
    async throws
  {
    let keys = shop.directory.file("people-keys.sqlite")
    try await shop.backUp(to: shop.directory.file("second"), peopleKeys: keys)
    try shop.session.ledger.erase(shop.person.actor)
    _ = try await shop.session.record(
      EntryDraft([DraftEvent(PrivacyErased(basis: "request"), in: .privacy(shop.person.actor))]),
      by: shop.session.signer(.administrator))
    try FileManager.default.removeItem(atPath: shop.session.keys.tombstones)
    try shop.lose("vault.sqlite", "vault-keys.sqlite")

    let restored = try await shop.restore(copy) {
      $0.isOfVaultOnly = true
      $0.peopleKeys = keys
    }

    #expect(restored.erased.isEmpty)  // It is recorded already.
    let session = try shop.open()
    #expect(
      try session.ledger.reveal(at: 3, index: 0, pointer: "/change/message")
        == .erased(shop.person.actor))
    #expect(try await shop.verify().report.erased == 1)
  }

  @Test func `people's keys of another ledger are refused before anything takes their place`()
    async throws
  {
    let other = try await Shop()
    try await other.remark("of somebody else")
    let theirs = shop.directory.file("theirs")
    try await other.backUp(to: other.directory.file("backup"), peopleKeys: theirs)
    try shop.lose("ledger.sqlite", "vault-keys.sqlite")

    await #expect(throws: LedgerError.self) {
      try await shop.restore(copy) { $0.peopleKeys = theirs }
    }

    #expect(!FileManager.default.fileExists(atPath: live.vaultKeys))
  }

  @Test func `the vault alone comes back beside a ledger that is newer`() async throws {
    try await shop.backUp(to: shop.directory.file("another"))
    try shop.lose("vault.sqlite")

    await #expect(throws: RestoreError.newer(path: ledger, here: 6, copied: 5)) {
      try await shop.restore(copy)
    }
    let restored = try await shop.restore(copy) { $0.isOfVaultOnly = true }

    #expect(restored.size == 7)  // With the decision.
    let session = try shop.open()
    #expect(
      try session.ledger.reveal(at: 3, index: 0, pointer: "/change/message") == .value("looks good")
    )
    #expect(try await shop.verify().verdict == .verified)
    await #expect(throws: RestoreError.notFound(copy + "/ledger.sqlite")) {
      try await shop.restore(copy + "/ledger.sqlite") { $0.isOfVaultOnly = true }
    }
  }

  @Test func `people's keys that are damaged are named, and stay where they are`() async throws {
    try Data("no database".utf8).write(to: URL(fileURLWithPath: live.vaultKeys))

    await #expect(throws: RestoreError.keysDamaged(live.vaultKeys)) {
      try await shop.restore(copy)
    }

    #expect(FileManager.default.contents(atPath: live.vaultKeys)?.count == 11)
  }
}

/// Writes an anchor as anybody could who may write the file.
private enum StagedAnchor {
  static func write(_ note: String, in directory: LedgerDirectory) throws {
    let anchor = Anchor(AnchorFile(in: directory), path: directory.anchor)
    try anchor.write(note)
    try anchor.sync()
  }
}
