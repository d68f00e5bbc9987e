import CFaults
import Events
import Foundation
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// Files that cannot be used: an error that says which and why, and nothing is lost.
@Suite struct UnusableFileTests {
  let faulty: FaultyLedger
  let path: String
  let envelope: SignedEnvelope
  let recorded: [EntryID]

  init() throws {
    faulty = try FaultyLedger()
    path = try faulty.copy()
    envelope = try faulty.template.envelope(.health(), by: [.service])
    recorded = try faulty.entries(of: faulty.template.ledger)
  }

  @Test func `a full disk refuses the entry, and takes it once there is room`() async throws {
    let ledger = try faulty.open(path)
    faulty.disk.arm(.fills, at: 0)

    let failure = #expect(throws: LedgerError.self) { try ledger.append(envelope) }

    let full = LedgerError.database(
      path: path + "/ledger.sqlite", code: 13, message: "database or disk is full")
    #expect(failure == full)
    faulty.disk.lift()
    #expect(try faulty.entries(of: ledger) == recorded)
    #expect(try ledger.append(envelope).index == recorded.count)
    try await faulty.verify(path, ledger, "with room again")
  }

  @Test(arguments: [Ledger.Purpose.appending, .reading])
  func `a database without its log is refused, and whole again with it`(
    purpose: Ledger.Purpose
  ) async throws {
    let log = path + "/ledger.sqlite-wal"
    let away = faulty.disk.directory.file("away")
    try FileManager.default.moveItem(atPath: log, toPath: away)

    #expect(throws: LedgerError.logMissing(path: log, anchored: 2, size: 0)) {
      try faulty.open(path, for: purpose)
    }

    for name in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: path + "/ledger.sqlite" + name)
    }
    try FileManager.default.moveItem(atPath: away, toPath: log)
    let reopened = try faulty.open(path)
    try await faulty.verify(path, reopened, "with its log")
    #expect(try faulty.entries(of: reopened) == recorded)
  }

  @Test(arguments: ["ledger", "vault", "vault-keys"])
  func `another program's database is refused and left as it is`(name: String) throws {
    let file = "\(path)/\(name).sqlite"
    for ending in ["", "-wal"] { try? FileManager.default.removeItem(atPath: file + ending) }
    try FileManager.default.copyItem(atPath: try foreignDatabase(), toPath: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    let before = try Data(contentsOf: URL(fileURLWithPath: file))

    let failure = #expect(throws: LedgerError.self) {
      try faulty.open(path).append(faulty.approval())
    }

    guard case .foreignFile(let named, _, let actual) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(named == file)
    #expect(actual == 7)
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == before)
  }

  /// A database in SQLite's default mode that says it is application 7's.
  private func foreignDatabase() throws -> String {
    let file = faulty.disk.directory.file("foreign.sqlite")
    let connection = try Connection(path: file, access: .writing)
    try connection.execute("PRAGMA application_id = 7; CREATE TABLE entry (x)")
    #expect(try connection.text("PRAGMA journal_mode = DELETE") == "delete")
    return file
  }

  @Test(arguments: ["ledger", "vault", "vault-keys"])
  func `a newer program's file is refused, and nothing is recorded`(name: String) throws {
    let file = "\(path)/\(name).sqlite"
    try Connection(path: file, access: .writing).execute("PRAGMA user_version = 2")

    #expect(throws: LedgerError.schemaNewer(path: file, known: 1, found: 2)) {
      try faulty.open(path).append(faulty.approval())
    }

    try Connection(path: file, access: .writing).execute("PRAGMA user_version = 1")
    #expect(try faulty.entries(of: faulty.open(path)) == recorded)
  }

  /// Rights of the directory and its files, those of one file apart; and who is named.
  struct Rights: CustomTestStringConvertible {
    let directory: Int
    let files: Int
    var only: (name: String, mode: Int)?
    let named: String
    var recordsOne = false

    var testDescription: String { "\(named), directory \(String(directory, radix: 8))" }
  }

  static let rights = [
    Rights(directory: 0o555, files: 0o444, named: "/ledger.sqlite"),
    Rights(directory: 0o555, files: 0o666, named: "/ledger.sqlite"),
    Rights(
      directory: 0o777, files: 0o666, only: ("ledger.sqlite", 0o444), named: "/ledger.sqlite"),
    Rights(
      directory: 0o777, files: 0o666, only: ("ledger.sqlite-wal", 0o444),
      named: "/ledger.sqlite-wal cannot be written"),
    Rights(directory: 0o777, files: 0o666, only: ("ledger.sqlite", 0), named: "/ledger.sqlite"),
    Rights(directory: 0o777, files: 0o666, only: ("lock", 0o444), named: "/lock"),
    Rights(directory: 0o777, files: 0o666, only: ("anchor", 0), named: "/anchor"),
    Rights(
      directory: 0o777, files: 0o666, only: ("anchor", 0o444), named: "/anchor", recordsOne: true),
  ]

  /// Whether another user gets as far as the tests' directories.
  private static var isReachable: Bool {
    var folder = FileManager.default.temporaryDirectory.standardizedFileURL
    while folder.path != "/" {
      let mode = try? FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions]
      guard let mode = mode as? Int, mode & 0o001 != 0 else { return false }
      folder.deleteLastPathComponent()
    }
    return true
  }

  @Test(.enabled(if: isReachable, "TMPDIR is closed to other users"), arguments: rights)
  func `files that may not be written are named, and nothing is lost`(rights: Rights) async throws {
    try set(rights)

    let failure = #expect(throws: LedgerError.self, "\(rights.testDescription)") {
      try asAnotherUser { try faulty.open(path).append(envelope) }
    }

    let words = failure?.description ?? ""
    #expect(words.contains(path + rights.named), "\(words)")
    try set(Rights(directory: 0o700, files: 0o600, named: ""))
    let reopened = try faulty.open(path)
    try await faulty.verify(path, reopened, "\(rights.testDescription)")
    let expected = try rights.recordsOne ? recorded + [envelope.entry] : recorded
    #expect(try faulty.entries(of: reopened) == expected)
  }

  private func set(_ rights: Rights) throws {
    let files = FileManager.default
    try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: faulty.disk.directory.path)
    for name in try files.contentsOfDirectory(atPath: path) {
      let mode = name == rights.only?.name ? rights.only?.mode : rights.files
      try files.setAttributes(
        [.posixPermissions: mode ?? rights.files], ofItemAtPath: path + "/" + name)
    }
    try files.setAttributes([.posixPermissions: rights.directory], ofItemAtPath: path)
  }

  /// Root may write everything, so its tests reach files as nobody does.
  private func asAnotherUser<Result>(_ work: () throws -> Result) rethrows -> Result {
    let previous = cfaults_reach_files_as(Self.nobody)
    defer { _ = cfaults_reach_files_as(previous) }
    return try work()
  }

  private static let nobody: uid_t = 65_534

  @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
  func `another user's ledger is not appended to, and can be read`() throws {
    try FileManager.default.setAttributes(
      [.ownerAccountID: NSNumber(value: Self.nobody)], ofItemAtPath: path + "/ledger.sqlite")

    #expect(throws: LedgerError.notOurs(path: path + "/ledger.sqlite")) { try faulty.open(path) }
    #expect(try faulty.entries(of: faulty.open(path, for: .reading)) == recorded)
  }

  @Test(
    .enabled(if: geteuid() == 0, "only root can give files away"),
    arguments: ["vault", "vault-keys"])
  func `another user's vault takes no personal value, and keeps no other entry out`(
    name: String
  ) throws {
    let file = "\(path)/\(name).sqlite"
    let owner = [FileAttributeKey.ownerAccountID: NSNumber(value: Self.nobody)]
    try FileManager.default.setAttributes(owner, ofItemAtPath: file)
    let ledger = try faulty.open(path)

    #expect(throws: LedgerError.notOurs(path: file)) { try ledger.append(faulty.approval()) }

    #expect(try ledger.append(envelope).index == recorded.count)
    #expect(try faulty.entries(of: ledger) == recorded + [envelope.entry])
  }
}
