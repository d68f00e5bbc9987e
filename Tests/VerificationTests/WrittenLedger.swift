import CanonicalJSON
import Events
import Foundation
import LedgerStore
import TestKit
import TransparencyLog

@testable import Verification

/// A ledger with something of everything, written once by the program that writes; tests change
/// copies of it.
///
/// Entries: 0 genesis, 1 witness, 2 to 4 approvals with personal words of three people, 5 the third
/// one erased, 6 to 265 probes of two environments, 266 retention, 267 a probe. The bodies of 6 and
/// 8 are pruned, the tree of 260 is cosigned, and the state at 267 is a snapshot.
final class WrittenLedger: Sendable {
  static let size = 268
  static let witnessedSize = 260
  static let snapshotSize = 267
  static let shared = Result { try WrittenLedger() }

  let secrets: LedgerSecrets
  let now: Timestamp
  /// Checkpoints by size: the first the ledger had, and its last.
  let notes: [Int: String]
  /// The store's receipt for the first approval.
  let receipt: String
  private let folder: TemporaryDirectory
  private var path: String { folder.file(".stele") }
  /// The ledger as it was after entry 100.
  private var earlier: String { folder.file("earlier") }

  private init() throws {
    let store = try TemporaryLedger()
    folder = store.directory
    secrets = store.secrets
    try store.append(Self.registration(.witness), by: [.administrator])
    let people = [GoldenKey.approver.owner, GoldenKey.deployer.owner, GoldenKey.stranger.owner]
    receipt = try people.map { try Self.approve(of: $0, in: store) }[0].serialized
    try store.ledger.erase(people[2])
    try store.append(Self.erasure(of: people[2]), by: [.administrator])
    var notes: [Int: String] = [:]
    for position in 6..<266 {
      store.time.advance(milliseconds: 1_000)
      try store.append(
        .health(environment: position.isMultiple(of: 2) ? "production" : "staging"),
        by: [.service])
      if position == 100 {
        try store.ledger.close()
        try FileManager.default.copyItem(atPath: store.path, toPath: folder.file("earlier"))
      }
      if position + 1 == Self.witnessedSize { try store.ledger.keep(Self.cosigned(store)) }
      notes[position + 1] = try store.ledger.head().checkpoint?.serialized
    }
    try store.append(Self.retention, by: [.administrator])
    try store.ledger.store(
      Snapshot(name: "releases", revision: 1, size: Self.snapshotSize, bytes: [1, 2, 3]))
    try store.append(.health(), by: [.service])
    notes[Self.size] = try store.ledger.head().checkpoint?.serialized
    self.notes = notes
    now = store.time.now()
    try store.ledger.close()
    let file = try LedgerFile(copying: store.path)
    try file.execute("DELETE FROM body WHERE position IN (6, 8)")
    try FileManager.default.removeItem(atPath: store.path)
    try FileManager.default.copyItem(atPath: file.directory, toPath: store.path)
  }

  /// A copy of it all, to be changed.
  func copy() throws -> LedgerFile { try LedgerFile(copying: path) }

  /// A copy with the named files as they were after entry 100.
  func copy(restoring files: [String]) throws -> LedgerFile {
    let file = try LedgerFile(copying: path)
    for name in files {
      for suffix in ["", "-wal", "-shm"] {
        let (old, new) = ("\(earlier)/\(name)\(suffix)", "\(file.directory)/\(name)\(suffix)")
        try? FileManager.default.removeItem(atPath: new)
        if FileManager.default.fileExists(atPath: old) {
          try FileManager.default.copyItem(atPath: old, toPath: new)
        }
      }
    }
    return file
  }
}

extension WrittenLedger {
  private static func registration(_ key: GoldenKey) -> EntryDraft {
    EntryDraft([DraftEvent(key.registration, in: .key(key.keyid))])
  }

  private static func approve(of person: ActorID, in store: TemporaryLedger) throws -> Receipt {
    let comment = try SealedValue(.string("looks good"), of: person, random: store.random)
    let draft = EntryDraft(
      [
        DraftEvent(
          kind: "approval.given.v1",
          data: ["action": "deployment.start", "comment": comment.sealed.json],
          in: .approval("production"), scope: Scope(environment: "production"))
      ], expects: [.grant(GoldenKey.approver.owner): 0])
    return try store.append(draft, by: [.approver], sealed: [comment])
  }

  private static func erasure(of person: ActorID) throws -> EntryDraft {
    EntryDraft([
      DraftEvent(
        kind: "privacy.erased.v1", data: ["basis": "request"],
        in: try StreamName(parsing: "privacy/\(person)"))
    ])
  }

  private static var retention: EntryDraft {
    EntryDraft([
      DraftEvent(RetentionApplied(retention: .telemetry, first: 6, last: 9), in: .retention)
    ])
  }

  /// The newest checkpoint with the word of the registered witness.
  private static func cosigned(_ store: TemporaryLedger) throws -> SignedNote {
    guard let note = try store.ledger.head().checkpoint else {
      preconditionFailure("a ledger with entries has a checkpoint")
    }
    return try GoldenKey.witness.cosigning(note, at: 1_800_000_000)
  }
}

extension LedgerFile {
  /// What the verifier finds, `position name` each.
  func findings(of ledger: WrittenLedger) async throws -> [String] {
    try await report(of: ledger).findings.map { "\($0.position) \($0.error.name)" }
  }

  func report(of ledger: WrittenLedger) async throws -> VerificationReport {
    try await LedgerVerifier(
      workers: 2, chunkEntries: 50, pinned: GoldenFile.shared.key("log").vkey
    ).verify(source(vaultKey: ledger.secrets.vaultKey))
  }

  /// Opens it as its own program does, with tombstones outside that are this copy's own.
  func open(_ ledger: WrittenLedger) throws -> Ledger {
    var secrets = ledger.secrets
    let tombstones = directory + ".erased"
    if let original = secrets.tombstones, !FileManager.default.fileExists(atPath: tombstones) {
      try FileManager.default.copyItem(atPath: original, toPath: tombstones)
    }
    secrets.tombstones = tombstones
    return try Ledger.open(directory: directory, secrets: secrets, time: FixedTime(ledger.now))
  }

  /// The name of the error with which opening it is refused; nil when it opens.
  func refusal(of ledger: WrittenLedger) throws -> String? {
    do {
      try open(ledger).close()
      return nil
    } catch let error as LedgerError {
      return Mirror(reflecting: error).children.first?.label
    }
  }
}
