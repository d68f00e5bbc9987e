import CanonicalJSON
import Cryptography
import Events
import Foundation
import TestKit
import Testing
import Verification

@testable import LedgerStore
@testable import Operations

/// `stele backup`: there whole and verified, or not there.
@Suite struct BackupTests {
  struct Stopped: Error, Equatable {}

  let shop: Shop
  let path: String

  init() async throws {
    shop = try await Shop()
    path = shop.directory.file("backups/first")
    try await shop.remark("looks good")
  }

  @Test func `a backup is verified with the pinned key, and says what it holds`() async throws {
    let made = try await shop.backUp(to: path)

    let head = try shop.session.ledger.head()
    #expect(made.folder.path == path)
    #expect(made.origin == head.origin)
    #expect(made.size == head.size)
    #expect(made.root == head.root)
    #expect(made.verdict == .verified)
    #expect(made.peopleKeys == nil)
    let source = SQLiteLedger(directory: path, hasAnchor: false)
    #expect(try await LedgerVerifier().verify(source).isSound)
  }

  @Test func `who exports is in the copy itself, people's keys apart`() async throws {
    let made = try await shop.backUp(to: path)

    #expect(try await shop.decisions().map(\.action) == ["ledger.export"])
    #expect(made.size == 5)
    let keys = shop.directory.file("people-keys.sqlite")
    let second = try await shop.backUp(to: path + "-2", peopleKeys: keys)
    #expect(
      try await shop.decisions().map(\.action)
        == ["ledger.export", "ledger.export", "peopleKeys.export"])
    #expect(second.size == 7)
  }

  @Test func `who may not export gets nothing, and the ledger says so`() async throws {
    let stranger = try await shop.stranger()
    let key = shop.directory.file("stranger.pem")
    try KeyFile.write(stranger.key, to: key)

    await #expect(throws: AccessDenied.self) { try await shop.backUp(to: path, by: key) }
    try await shop.grant(.deployer, to: stranger)
    let keys = shop.directory.file("people-keys.sqlite")
    await #expect(throws: AccessDenied.self) {
      try await shop.backUp(to: path, peopleKeys: keys, by: key)
    }

    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(!FileManager.default.fileExists(atPath: keys))
    let decisions = try await shop.decisions()
    #expect(decisions.map(\.action) == ["ledger.export", "ledger.export", "peopleKeys.export"])
    #expect(decisions.map(\.decision) == [.deny, .allow, .deny])
    #expect(decisions.allSatisfy { $0.actor == stranger.actor })
    _ = try await shop.backUp(to: path, by: key)
  }

  @Test func `without keys nobody can be recorded, and nothing is copied`() async throws {
    let service = shop.session.keys.path(.service)
    try FileManager.default.moveItem(atPath: service, toPath: service + "-away")

    await #expect(
      throws: BackupError.notRecorded(.cannotRead(path: service, errno: ENOENT))
    ) { try await shop.backUp(to: path) }

    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(try shop.session.ledger.head().size == 4)
  }

  @Test func `its receipt verifies offline, for its newest entry`() async throws {
    let made = try await shop.backUp(to: path)

    let report = try await ReceiptWork(variables: shop.variables).verify(
      fileAt: made.folder.receipt, vkey: nil, session: nil)

    #expect(report.position == made.size - 1)
  }

  @Test(arguments: BackupPoint.allCases)
  func `stopped anywhere there is a whole backup or none, and the next one succeeds`(
    point: BackupPoint
  ) async throws {
    await #expect(throws: Stopped()) {
      try await shop.backUp(to: path) { if $0 == point { throw Stopped() } }
    }

    let files = FileManager.default
    #expect(files.fileExists(atPath: path) == (point == .published))
    #expect(!files.fileExists(atPath: path + ".partial"))
    let next = point == .published ? path + "-2" : path
    #expect(try await shop.backUp(to: next).size == 6)
    #expect(try shop.session.ledger.head().size == 6)
  }

  @Test func `what a killed backup left behind is replaced`() async throws {
    try shop.files.write("half", to: "backups/first.partial/ledger.sqlite")

    #expect(try await shop.backUp(to: path).size == 5)

    #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
  }

  @Test func `a backup replaces nothing`() async throws {
    _ = try await shop.backUp(to: path)

    await #expect(throws: BackupError.exists(path)) { try await shop.backUp(to: path) }
  }

  @Test func `people's keys go into a file of their own, outside`() async throws {
    let keys = shop.directory.file("people-keys.sqlite")

    let made = try await shop.backUp(to: path, peopleKeys: keys)

    let written = try PeopleKeys(resolving: keys)
    #expect(made.peopleKeys == written)
    #expect(FileManager.default.fileExists(atPath: keys))
    for inside in [path + "-2", shop.workspace.ledger] {
      let file = inside + "/people.sqlite"
      await #expect(throws: BackupError.peopleKeysInside(file: file, folder: inside)) {
        try await shop.backUp(to: path + "-2", peopleKeys: file)
      }
    }
  }

  @Test func `people's keys replace nothing but an older copy of themselves`() async throws {
    let ring = shop.session.keys
    let link = shop.directory.file("link")
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: shop.workspace.ledger)
    let notes = shop.directory.file("notes")
    try Data("mine".utf8).write(to: URL(fileURLWithPath: notes))
    let vaultKey = FileManager.default.contents(atPath: ring.vaultKey)

    for (file, place) in [
      (ring.vaultKey, ring.directory), (link + "/anchor", shop.workspace.ledger),
    ] {
      await #expect(throws: BackupError.peopleKeysInside(file: file, folder: place)) {
        try await shop.backUp(to: path, peopleKeys: file)
      }
    }
    await #expect(throws: LedgerError.self) { try await shop.backUp(to: path, peopleKeys: notes) }
    // Those of another ledger, as a copy and in use.
    let other = try await Shop()
    try await other.remark("of somebody else")
    let theirs = shop.directory.file("theirs")
    try await other.backUp(to: other.directory.file("backup"), peopleKeys: theirs)
    let before = FileManager.default.contents(atPath: theirs)
    await #expect(throws: LedgerError.vaultLocked(path: theirs)) {
      try await shop.backUp(to: path, peopleKeys: theirs)
    }
    let live = other.workspace.ledger + "/vault-keys.sqlite"
    await #expect(
      throws: BackupError.peopleKeysInside(file: live, folder: other.workspace.ledger)
    ) { try await shop.backUp(to: path, peopleKeys: live) }
    #expect(FileManager.default.contents(atPath: theirs) == before)

    #expect(FileManager.default.contents(atPath: ring.vaultKey) == vaultKey)
    #expect(FileManager.default.contents(atPath: notes) == Data("mine".utf8))
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(try await shop.decisions().isEmpty)
  }

  @Test func `a link to the file of people's keys is followed`() async throws {
    let keys = shop.directory.file("people-keys.sqlite")
    let link = shop.directory.file("link")
    try await shop.backUp(to: path, peopleKeys: keys)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: keys)
    let before = FileIdentity(path: keys)

    try await shop.backUp(to: path + "-2", peopleKeys: link)

    #expect(FileIdentity(path: keys) != before)
    let target = try FileManager.default.destinationOfSymbolicLink(atPath: link)
    #expect(target == keys)
  }

  @Test func `a vault that has lost values is not copied, and the older keys stay`() async throws {
    let keys = shop.directory.file("people-keys.sqlite")
    try await shop.backUp(to: path, peopleKeys: keys)
    let before = FileManager.default.contents(atPath: keys)
    let vault = shop.workspace.ledger + "/vault.sqlite"
    // An older one, so that what was sealed last still opens.
    try await shop.remark("looks even better")
    try Connection(path: vault, access: .writing)
      .execute("DELETE FROM sealed WHERE rowid = (SELECT min(rowid) FROM sealed)")

    await #expect(throws: BackupError.self) {
      try await shop.backUp(to: path + "-2", peopleKeys: keys)
    }

    #expect(FileManager.default.contents(atPath: keys) == before)
    #expect(!FileManager.default.fileExists(atPath: path + "-2"))
  }

  @Test func `a ledger that has lost entries is not backed up as if it were whole`() async throws {
    let older = shop.directory.file("older")
    let files = FileManager.default
    _ = try await shop.backUp(to: older)
    try await shop.remark("and again")
    for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] {
      try? files.removeItem(atPath: shop.workspace.ledger + "/" + name)
    }
    try files.copyItem(
      atPath: older + "/ledger.sqlite", toPath: shop.workspace.ledger + "/ledger.sqlite")

    await #expect(
      throws: BackupError.behind(source: shop.workspace.ledger + "/anchor", known: 6, copied: 5)
    ) { try await shop.backUp(to: path) }
    #expect(!files.fileExists(atPath: path))
  }

  @Test func `another log's key does not verify it`() async throws {
    let other = try await Shop().session.verifierKey()

    let error = await #expect(throws: BackupError.self) {
      try await BackupWork(shop.workspace, variables: shop.variables).backUp(
        to: path, peopleKeys: nil, vkey: other, progress: { _ in })
    }

    guard case .unsound(position: 5, _, findings: 1) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `without a ledger there is nothing to back up`() async throws {
    let workspace = Workspace(root: shop.directory.file("elsewhere"))

    await #expect(throws: WorkspaceError.noLedger(workspace.ledger)) {
      try await BackupWork(workspace, variables: [:]).backUp(
        to: path, peopleKeys: nil, vkey: nil, progress: { _ in })
    }
  }
}
