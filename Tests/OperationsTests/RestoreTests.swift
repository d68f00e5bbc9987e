import Access
import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import TestKit
import Testing
import TransparencyLog
import Verification

@testable import Operations

/// `stele restore`: what is put in the ledger's place is what was signed, and says what it lacks.
@Suite struct RestoreTests {
  let shop: Shop
  let copy: String
  var ledger: String { shop.workspace.ledger }

  init() async throws { (shop, copy) = try await Shop.backedUp() }

  @Test func `a ledger whose files are gone comes back, and goes on`() async throws {
    try shop.lose("ledger.sqlite", "anchor", "vault.sqlite")

    let restored = try await shop.restore(copy)

    #expect(restored.size == 6)
    #expect(restored.incarnation == nil)
    #expect(restored.erased == [])
    #expect(try await shop.verify().verdict == .verified)
    let session = try shop.open()
    try await shop.remark("and on", in: session)
    #expect(
      try session.ledger.reveal(at: 3, index: 0, pointer: "/change/message") == .value("looks good")
    )
    #expect(try await shop.verify().report.size == 7)
    #expect(try await shop.verify().verdict == .verified)
  }

  @Test func `a vault key that cannot be read is not taken for none, and nothing changes`()
    async throws
  {
    try await shop.remark("lost")
    try shop.lose("ledger.sqlite")
    let key = shop.session.keys.vaultKey
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: key)

    await #expect(throws: LedgerError.modeTooOpen(path: key, mode: 0o640)) {
      try await shop.restore(copy) { $0.startsIncarnation = true }
    }

    #expect(!FileManager.default.fileExists(atPath: ledger + "/ledger.sqlite"))
    #expect(try Anchored.size(in: ledger) == 6)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
    _ = try await shop.restore(copy) { $0.startsIncarnation = true }
    #expect(try await shop.verify().isSound)
  }

  @Test func `while somebody restores, nobody else does`() async throws {
    try shop.lose("ledger.sqlite")
    do {
      let theirs = try DirectoryLock(ledger)
      await #expect(throws: LedgerError.directoryBusy(path: ledger)) {
        try await shop.restore(copy)
      }
      withExtendedLifetime(theirs) {}
    }

    _ = try await shop.restore(copy)
    #expect(try await shop.verify().isSound)
  }

  @Test func `who restored it is recorded in what comes of it`() async throws {
    try shop.lose("ledger.sqlite")

    _ = try await shop.restore(copy)

    let decisions = try await shop.decisions(in: shop.open())
    #expect(decisions.map(\.action) == ["ledger.export", "ledger.restore"])
    #expect(decisions.last?.actor == shop.person.actor)
  }

  @Test func `who may not restore is refused, and the ledger that stays says so`() async throws {
    let stranger = try await shop.stranger()
    let key = shop.directory.file("stranger.pem")
    try KeyFile.write(stranger.key, to: key)
    let second = shop.directory.file("second")
    try await shop.backUp(to: second)
    let size = try shop.session.ledger.head().size

    #expect(try await denial(of: second, by: key) == true)

    #expect(try shop.session.ledger.head().size == size + 1)
    let said = try await shop.decisions().last
    #expect(said?.action == "ledger.restore")
    #expect(said?.decision == .deny)
    #expect(said?.actor == stranger.actor)
    try shop.lose("ledger.sqlite", "anchor")
    try shop.forgetCheckpoints()  // The denial was one entry more than the copy has.
    #expect(try await denial(of: second, by: key) == false)
    #expect(!shop.workspace.hasLedger)
  }

  /// - Returns: Whether the denial was recorded; nil when there was none.
  private func denial(of copy: String, by key: String) async throws -> Bool? {
    do {
      try await shop.restore(copy) { $0.credential = .key(path: key) }
    } catch RestoreError.denied(let denied, let isRecorded) {
      let error = RestoreError.denied(denied, isRecorded: isRecorded)
      #expect(error.exitStatus == .noPermission)
      #expect(error.description.contains("ledger.restore is denied to \(denied.request.actor)"))
      #expect(error.description.contains(isRecorded ? "is recorded" : "No ledger opens here"))
      return isRecorded
    }
    return nil
  }

  @Test func `without keys nobody can be recorded, and nothing is restored`() async throws {
    try shop.lose("ledger.sqlite")
    let service = shop.session.keys.path(.service)
    try FileManager.default.moveItem(atPath: service, toPath: service + "-away")

    await #expect(
      throws: RestoreError.notRecorded(.cannotRead(path: service, errno: ENOENT))
    ) { try await shop.restore(copy) }

    #expect(!shop.workspace.hasLedger)
  }

  @Test func `without the log's key nothing is restored, and no other command is named`()
    async throws
  {
    let ring = shop.session.keys
    let keyid = KeyID(bytes: try #require(try ring.logKeys().first).publicKey.keyid)
    try shop.lose("ledger.sqlite")
    try FileManager.default.removeItem(atPath: ring.path(.log))
    try KeyFile.write(.generate(), to: ring.path(.log))

    await #expect(throws: RestoreError.logKeyMissing(keyid: keyid)) {
      try await shop.restore(copy)
    }

    #expect(!shop.workspace.hasLedger)
  }

  @Test func `the vault alone comes back as well`() async throws {
    try shop.lose("vault.sqlite")

    _ = try await shop.restore(copy)

    #expect(try await shop.verify().report.counts.sealedValues == 1)
    #expect(try await shop.verify().isSound)
  }

  @Test func `a ledger that holds together and is newer is not replaced`() async throws {
    try await shop.remark("newer")

    for starts in [false, true] {
      await #expect(throws: RestoreError.newer(path: ledger, here: 6, copied: 5)) {
        try await shop.restore(copy) { $0.startsIncarnation = starts }
      }
    }

    #expect(try shop.session.ledger.head().size == 6)
  }

  @Test func `an older copy is refused until somebody says that entries are given up`()
    async throws
  {
    try await shop.remark("lost")
    try shop.lose("ledger.sqlite")

    await #expect(
      throws: RestoreError.lost(source: ledger + "/anchor", known: 6, copied: 5, copy: copy)
    ) { try await shop.restore(copy) }
    #expect(try Anchored.size(in: ledger) == 6)
  }

  @Test func `a new incarnation names what was lost, and a client that had seen it is told`()
    async throws
  {
    try await shop.remark("lost")
    #expect(try await shop.verify().isSound)
    let before = try shop.session.ledger.head()
    try shop.lose("ledger.sqlite")

    let restored = try await shop.restore(copy) { $0.startsIncarnation = true }

    let next = try #require(Origin(name: "shop", log: restored.origin.log, incarnation: 2))
    #expect(restored.origin == next)
    #expect(restored.incarnation?.position == 5)
    #expect(restored.incarnation?.lost == 1)
    let result = try await shop.verify()
    #expect(result.verdict == .verified)
    #expect(result.lost.map(\.positions) == [5..<6])
    #expect(result.lost.map(\.namedSize) == [6])
    #expect(result.lost.map(\.saidAt) == [5])
    let session = try shop.open()
    let started = try session.ledger.read { try $0.entry(at: 5).read().events }
    guard case .ledger(.incarnationStarted(let event)) = started.first?.event else {
      Issue.record("\(started)")
      return
    }
    #expect(event.lost.text == before.checkpoint?.serialized)
    try await shop.remark("and on", in: session)
    #expect(try session.ledger.head().origin == next)
    #expect(try await shop.verify().verdict == .verified)
  }

  @Test func `a copy from before an incarnation is of no use any more`() async throws {
    try await shop.remark("lost")
    try shop.lose("ledger.sqlite")
    let restored = try await shop.restore(copy) { $0.startsIncarnation = true }
    try shop.lose("ledger.sqlite")

    let first = try #require(
      Origin(name: "shop", log: restored.origin.log, incarnation: 1))
    await #expect(
      throws: HistoryError.superseded(
        source: ledger + "/anchor", known: restored.origin, copied: first)
    ) { try await shop.restore(copy) { $0.startsIncarnation = true } }
  }

  @Test func `an incarnation is not started for nothing, nor without its recovery keys`()
    async throws
  {
    await #expect(throws: RestoreError.nothingLost(size: 5)) {
      try await shop.restore(copy) { $0.startsIncarnation = true }
    }
    try await shop.remark("lost")
    try shop.lose("ledger.sqlite")
    let away = shop.directory.file("recovery.pem")
    try FileManager.default.moveItem(
      atPath: shop.session.keys.path(.recovery), toPath: away)

    await #expect(throws: KeyWorkError.quorum(found: 0, needed: 1)) {
      try await shop.restore(copy) { $0.startsIncarnation = true }
    }
    let restored = try await shop.restore(copy) {
      $0.startsIncarnation = true
      $0.recoveryKeys = [away]
    }
    #expect(restored.size == 7)
  }

  @Test func `whoever was erased since stays erased, and it is recorded again`() async throws {
    let subject = shop.person.actor
    // The worst case: the copy of people's keys still has theirs.
    let keys = shop.directory.file("people-keys.sqlite")
    try await shop.backUp(to: shop.directory.file("second"), peopleKeys: keys)
    try shop.session.ledger.erase(subject)
    _ = try await shop.session.record(
      EntryDraft([DraftEvent(PrivacyErased(basis: "request"), in: .privacy(subject))]),
      by: shop.session.signer(.administrator))
    #expect(try await shop.verify().report.erased == 1)
    try shop.lose("ledger.sqlite", "vault.sqlite", "vault-keys.sqlite")

    let restored = try await shop.restore(copy) {
      $0.startsIncarnation = true
      $0.peopleKeys = keys
    }

    #expect(restored.erased == [subject])
    let session = try shop.open()
    #expect(
      try session.ledger.reveal(at: 3, index: 0, pointer: "/change/message") == .erased(subject))
    let result = try await shop.verify()
    #expect(result.verdict == .verified)
    #expect(result.report.erased == 1)
  }

  @Test func `personal values that cannot be opened any more are given up by name only`()
    async throws
  {
    try shop.lose("ledger.sqlite", "anchor", "vault-keys.sqlite")

    await #expect(
      throws: RestoreError.personalValues(sealed: 1, missing: "people's keys")
    ) { try await shop.restore(copy) }
    let restored = try await shop.restore(copy) { $0.givesUpPersonalValues = true }

    #expect(restored.givenUp == RangeSet(3..<4))
    let result = try await shop.verify()
    #expect(result.report.givenUp == [3])
    #expect(result.verdict == .verified)
    let session = try shop.open()
    try await shop.remark("new words are sealed again", in: session)
    #expect(try await shop.verify().verdict == .verified)
  }

  @Test func `what was given up needs no leave again, and excuses nothing that is lost later`()
    async throws
  {
    try shop.lose("ledger.sqlite", "anchor", "vault-keys.sqlite")
    _ = try await shop.restore(copy) { $0.givesUpPersonalValues = true }
    let session = try shop.open()
    try await shop.remark("new words", in: session)
    let second = shop.directory.file("second")
    try await shop.backUp(to: second)
    try shop.lose("ledger.sqlite", "vault.sqlite")

    let restored = try await shop.restore(second)

    #expect(restored.givenUp == RangeSet(3..<4))
    #expect(try await shop.verify().verdict == .verified)
    try shop.tamper(ledger + "/vault.sqlite", "DELETE FROM sealed")
    let result = try await shop.verify()
    #expect(result.report.givenUp == [3])
    #expect(result.report.findings.map(\.position) == [6])
    #expect(result.verdict == .broken)
  }

  @Test func `what is found again is not given up any more`() async throws {
    let people = shop.directory.file("people-keys.sqlite")
    let second = shop.directory.file("second")
    try await shop.backUp(to: second, peopleKeys: people)
    try shop.lose("ledger.sqlite", "vault-keys.sqlite")
    #expect(
      try await shop.restore(second) { $0.givesUpPersonalValues = true }.givenUp
        == RangeSet(3..<4))
    try shop.lose("ledger.sqlite", "vault-keys.sqlite")

    let restored = try await shop.restore(second) {
      $0.peopleKeys = people
      $0.startsIncarnation = true
    }

    #expect(restored.givenUp.isEmpty)
    let result = try await shop.verify()
    #expect(result.report.givenUp == [])
    #expect(result.verdict == .verified)
  }

  @Test(arguments: [RestorePoint.decided, .retired, .published])
  func `what was given up stays given up when the restore is finished after a crash`(
    point: RestorePoint
  ) async throws {
    try shop.lose("ledger.sqlite", "anchor", "vault-keys.sqlite")
    await #expect(throws: RestoreCrashTests.Stopped()) {
      try await shop.restore(
        copy, { $0.givesUpPersonalValues = true },
        reached: { if $0 == point { throw RestoreCrashTests.Stopped() } })
    }

    if point != .published { #expect(try await shop.restore(copy).isEarlierOne) }

    let session = try shop.open()
    try await shop.remark("new words are sealed again", in: session)
  }

  @Test func `people's keys that are here are not replaced by others unasked`() async throws {
    let keys = shop.directory.file("people-keys.sqlite")
    try await shop.backUp(to: shop.directory.file("second"), peopleKeys: keys)
    try shop.lose("ledger.sqlite")

    await #expect(throws: RestoreError.keysAreHere(ledger + "/vault-keys.sqlite")) {
      try await shop.restore(copy) { $0.peopleKeys = keys }
    }
  }

  @Test func `a copy of the ledger alone takes the vault that is here`() async throws {
    try shop.lose("ledger.sqlite")

    let restored = try await shop.restore(copy + "/ledger.sqlite")

    #expect(restored.size == 6)
    #expect(try await shop.verify().report.counts.sealedValues == 1)
    try shop.lose("ledger.sqlite", "vault.sqlite")
    await #expect(
      throws: RestoreError.personalValues(sealed: 1, missing: "vault.sqlite")
    ) { try await shop.restore(copy + "/ledger.sqlite") { $0.startsIncarnation = true } }
  }

  @Test func `a copy that was altered is refused with its first damage`() async throws {
    try shop.lose("ledger.sqlite")
    try shop.tamper(
      copy + "/ledger.sqlite",
      "UPDATE body SET body = replace(body, 'administrator', 'bdministrator') WHERE position = 1")

    let error = await #expect(throws: RestoreError.self) { try await shop.restore(copy) }

    guard case .unsound(position: 1, _, findings: 1) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!shop.workspace.hasLedger)
  }

  @Test func `a copy that was cut short differs from its receipt`() async throws {
    let shorter = shop.directory.file("shorter")
    try await shop.remark("four")
    try await shop.backUp(to: shorter)
    try FileManager.default.removeItem(atPath: shorter + "/ledger.sqlite")
    try FileManager.default.copyItem(
      atPath: copy + "/ledger.sqlite", toPath: shorter + "/ledger.sqlite")

    await #expect(
      throws: RestoreError.receipt(path: shorter + "/ledger.receipt", size: 7, copied: 5)
    ) { try await shop.restore(shorter) }
  }

  @Test func `another project's copy is refused, by its key and by its name`() async throws {
    let other = try await Shop()
    try await other.backUp(to: other.directory.file("backup"))
    let foreign = other.directory.file("backup")
    let origin = try #require(try other.session.ledger.head().origin)

    await #expect(throws: RestoreError.notPinned(origin)) { try await shop.restore(foreign) }
    let vkey = try other.session.verifierKey()
    await #expect(throws: HistoryError.self) {
      try await shop.restore(foreign) { $0.vkey = vkey }
    }
    #expect(try shop.session.ledger.head().size == 5)
  }

  @Test func `on a machine that knows nothing the key is named, and the rest comes back`()
    async throws
  {
    let vkey = try shop.session.verifierKey()
    let elsewhere = try TemporaryDirectory()
    let workspace = Workspace(root: elsewhere.path)
    let variables = [
      "XDG_CONFIG_HOME": shop.directory.file("xdg/config"),
      "XDG_STATE_HOME": elsewhere.file("state"),
    ]
    var request = RestoreWork.Request(copy: copy)
    request.vkey = vkey
    request.givesUpPersonalValues = true

    let restored = try await RestoreWork(workspace, variables: variables)
      .restore(request) { _ in }

    let here = try shop.session.ledger.head()
    let ledger = try Ledger.open(directory: workspace.ledger, for: .reading)
    #expect(restored.size == here.size + 1)
    #expect(try ledger.read { try $0.root(ofSize: here.size) } == here.root)
  }

  @Test func `what is no copy is refused`() async throws {
    for path in [shop.directory.path, copy + "/nothing"] {
      await #expect(throws: RestoreError.notFound(path)) { try await shop.restore(path) }
    }
    await #expect(throws: RestoreError.notFound("/nowhere")) {
      try await shop.restore(copy) { $0.peopleKeys = "/nowhere" }
    }
    await #expect(throws: LedgerError.self) {
      try await shop.restore(shop.workspace.application)
    }
  }
}
