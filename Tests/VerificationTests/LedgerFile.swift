import CSQLite
import CanonicalJSON
import Foundation
import TransparencyLog

@testable import Verification

/// A `.stele` directory written by these tests with plain SQL from the schema's own file, so that
/// what the verifier reads was not written by the program it checks.
final class LedgerFile {
  let directory: String
  private var handles: [String: OpaquePointer] = [:]

  init() throws {
    directory = NSTemporaryDirectory() + "stele-verification-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
  }

  deinit {
    for handle in handles.values { sqlite3_close_v2(handle) }
    for path in [directory, directory + ".erased"] {
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  /// A copy of a whole `.stele`, to be changed.
  init(copying ledger: String) throws {
    directory = NSTemporaryDirectory() + "stele-verification-" + UUID().uuidString
    try FileManager.default.copyItem(atPath: ledger, toPath: directory)
  }

  /// `ledger.sqlite` and the anchor with everything that `ledger` has.
  convenience init(_ ledger: MemoryLedger) throws {
    try self.init()
    try create("ledger.sqlite", from: "0001_ledger.sql")
    try execute("BEGIN")
    var tree = TreeFollower()
    for (position, entry) in ledger.entries.enumerated() {
      try insert(entry, at: position, &tree)
    }
    for note in ledger.checkpoints {
      let signed = try SignedNote(parsing: note)
      let checkpoint = try Checkpoint(parsing: signed.text)
      let isWitnessed = signed.signatures.count > 1 ? 1 : 0
      let values = "\(checkpoint.size), \(isWitnessed), \(LedgerFile.text(note))"
      try execute("INSERT INTO checkpoint VALUES (\(values))")
    }
    try execute("COMMIT")
    if let note = ledger.checkpoints.first { try writeAnchor(note) }
  }

  /// The verifier's view of the directory.
  func source(vaultKey: [UInt8]? = nil) -> SQLiteLedger {
    SQLiteLedger(directory: directory, vaultKey: vaultKey)
  }

  func create(_ file: String, from migration: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let schema = try String(
      contentsOf: root.appending(path: "migrations/\(migration)"), encoding: .utf8)
    try execute("PRAGMA journal_mode=WAL", in: file)
    try execute(schema, in: file)
  }

  /// Runs `sql`, which may have several statements.
  func execute(_ sql: String, in file: String = "ledger.sqlite") throws {
    var message: UnsafeMutablePointer<CChar>?
    guard sqlite3_exec(try handle(file), sql, nil, nil, &message) == SQLITE_OK else {
      let reason = message.map { String(cString: $0) } ?? "?"
      sqlite3_free(message)
      throw LedgerReadError(file: file, reason: "\(reason): \(sql.prefix(200))")
    }
  }

  /// What somebody who owns the file does first: the triggers go.
  ///
  /// - Returns: SQL that makes them again.
  @discardableResult
  func dropTriggers(in file: String = "ledger.sqlite") throws -> String {
    var (names, making): ([String], [String]) = ([], [])
    try SQLiteReader(directory + "/" + file)
      .query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid") {
        names.append($0.text(0))
        making.append($0.text(1))
        return true
      }
    for name in names { try execute("DROP TRIGGER \(name)", in: file) }
    try execute("PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON", in: file)
    return making.joined(separator: ";\n")
  }

  /// Changes a file behind its protections, and puts them back.
  func tamper(_ sql: String, in file: String = "ledger.sqlite") throws {
    let making = try dropTriggers(in: file)
    try execute(sql, in: file)
    try execute(making, in: file)
  }

  func writeAnchor(_ note: String, generation: Int = 1, into slot: Int = 0) throws {
    var bytes =
      (FileManager.default.contents(atPath: directory + "/anchor")).map { [UInt8]($0) } ?? []
    bytes += [UInt8](repeating: 0, count: 2048 - bytes.count)
    bytes.replaceSubrange(
      slot * 1024..<(slot + 1) * 1024, with: LedgerFile.anchorSlot(note, generation: generation))
    try Data(bytes).write(to: URL(fileURLWithPath: directory + "/anchor"))
  }

  static func anchorSlot(_ note: String, generation: Int) -> [UInt8] {
    var slot = Array("stele/anchor/v1\n\(generation)\n\(note)".utf8)
    slot += [UInt8](repeating: 0, count: 992 - slot.count)
    return slot + Hashing.sha256(slot).bytes
  }

  static func text(_ text: String) -> String {
    "'" + text.replacingOccurrences(of: "'", with: "''") + "'"
  }

  static func blob(_ bytes: [UInt8]) -> String { "x'\(Hex.encode(bytes))'" }

  private func handle(_ file: String) throws -> OpaquePointer {
    if let handle = handles[file] { return handle }
    var handle: OpaquePointer?
    guard sqlite3_open(directory + "/" + file, &handle) == SQLITE_OK, let handle else {
      throw LedgerReadError(file: file, reason: "cannot be made")
    }
    handles[file] = handle
    return handle
  }
}

extension LedgerFile {
  private func insert(
    _ entry: MemoryLedger.Entry, at position: Int, _ tree: inout TreeFollower
  ) throws {
    let form = try entry.line.read(LineForm.init)
    let payload = try Array(entry.line[form.payload]).read(Base64Codec.decoded)
    let header = try payload.read(HeaderForm.init)
    let leaf = entry.line.withUnsafeBytes { Hashing.leaf($0) }
    let signatures = form.signatures.flatMap { $0.keyid.bytes + $0.bytes }
    try execute(
      """
      INSERT INTO entry VALUES (\(position), \(form.recorded), \(LedgerFile.blob(leaf.bytes)),
        \(LedgerFile.blob(header.entry.bytes)), \(LedgerFile.blob(signatures)),
        \(LedgerFile.text(String(decoding: payload, as: UTF8.self))))
      """)
    if let body = entry.body {
      let text = LedgerFile.text(String(decoding: body, as: UTF8.self))
      try execute("INSERT INTO body VALUES (\(position), \(text))")
    }
    try insertRuns(header, at: position)
    for tile in tree.append(leaf) {
      try execute(
        """
        INSERT INTO tile VALUES (\(tile.level), \(tile.index),
          \(LedgerFile.blob(tile.root.bytes)), \(LedgerFile.blob(tile.bytes)))
        """)
    }
  }

  private func insertRuns(_ header: HeaderForm, at position: Int) throws {
    var start = 0
    for run in header.runs {
      let retention = KindRules.rule(for: run.kind)?.retention.rawValue ?? "telemetry"
      let (kind, stream) = (LedgerFile.text(run.kind), LedgerFile.text(run.stream))
      let actor = LedgerFile.blob(header.actor.bytes)
      let application = run.application.map(LedgerFile.text) ?? "NULL"
      let environment = run.environment.map(LedgerFile.text) ?? "NULL"
      try execute(
        """
        INSERT OR IGNORE INTO kind (name, class) VALUES (\(kind), '\(retention)');
        INSERT OR IGNORE INTO actor (actor) VALUES (\(actor));
        INSERT OR IGNORE INTO stream (name, application, environment)
          VALUES (\(stream), \(application), \(environment));
        INSERT INTO run SELECT \(position), \(start), stream.id, \(run.version), \(run.count),
            kind.id, actor.id
          FROM stream, kind, actor
          WHERE stream.name = \(stream) AND kind.name = \(kind) AND actor.actor = \(actor)
        """)
      start += run.count
    }
  }
}
