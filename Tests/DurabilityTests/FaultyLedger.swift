import CanonicalJSON
import Events
import Foundation
import TestKit
import Testing
import TransparencyLog
import Verification

@testable import LedgerStore

/// A ledger that is copied onto a disk that fails, as often as there are operations to fail.
final class FaultyLedger {
  /// What every copy is made from: never changed while there are copies.
  let template: TemporaryLedger
  let disk: FaultyDisk
  private var copies = 0

  init() throws {
    disk = try FaultyDisk()
    template = try TemporaryLedger()
    try template.append(.health(), by: [.service])
  }

  /// A directory that holds what a crash of every process would have left: no shared memory.
  func copy() throws -> String {
    disk.lift()
    copies += 1
    let path = disk.directory.file("\(copies)")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    for name in try FileManager.default.contentsOfDirectory(atPath: template.path)
    where !name.hasSuffix("-shm") {
      try FileManager.default.copyItem(
        atPath: template.path + "/" + name, toPath: path + "/" + name)
    }
    return path
  }

  func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

  func open(_ path: String, for purpose: Ledger.Purpose = .appending) throws -> Ledger {
    try Ledger.open(
      directory: path, for: purpose, secrets: secrets(of: path), time: template.time,
      random: template.random)
  }

  /// The template's, with tombstones of the copy's own.
  func secrets(of path: String) -> LedgerSecrets {
    var secrets = template.secrets
    secrets.tombstones = path + ".erased"
    return secrets
  }

  /// An approval whose comment is personal: a write through all three files.
  func approval(_ words: String = "go ahead") throws -> SignedEnvelope {
    try template.approval(words)
  }

  /// Ids of the entries in `ledger`, in their order.
  func entries(of ledger: Ledger) throws -> [EntryID] {
    var entries: [EntryID] = []
    try ledger.read { reader in
      try reader.forEachEntry(in: 0..<Int.max) { view in
        entries.append(try EntryHeader(parsing: StoredEntry(view).header).entry)
        return true
      }
    }
    return entries
  }

  /// Everything in the copy holds together, judged by the verifier that shares no code with the
  /// writer, and `ledger`, just opened there, has an anchor that knows its newest checkpoint.
  func verify(_ path: String, _ ledger: Ledger, _ comment: Comment) async throws {
    let source = SQLiteLedger(directory: path, vaultKey: template.secrets.vaultKey)
    let report = try await LedgerVerifier(workers: 1).verify(source)
    #expect(report.findings == [], comment)
    #expect(report.size == (try ledger.head().size), comment)
    let anchored = try Anchor.read(path + "/anchor")?.note
    #expect(try anchored == ledger.head().checkpoint?.serialized, comment)
  }
}

extension SignedEnvelope {
  var entry: EntryID {
    get throws { try EntryHeader(parsing: header).entry }
  }
}

extension FaultyLedger {
  /// Puts the anchor back by one write, as a crash between a commit and the anchor leaves it.
  func forgetAnchor(of path: String) throws {
    let newest = try #require(try Anchor.read(path + "/anchor"))
    let file = try FileDescriptor(path + "/anchor", O_RDWR)
    let offset = newest.generation % 2 * AnchorSlot.byteCount
    try file.write(Array(repeating: 0, count: AnchorSlot.byteCount), at: offset)
  }
}

extension FaultyLedger {
  func create(_ path: String) throws {
    _ = try Ledger.create(
      directory: path, secrets: secrets(of: path), time: template.time, random: template.random)
  }

  /// The first entry of a ledger of its own.
  func genesis() throws -> SignedEnvelope {
    try TemporaryLedger(genesis: []).envelope(
      TemporaryLedger.genesis(GoldenKey.genesis), by: [.administrator] + GoldenKey.genesis)
  }
}
