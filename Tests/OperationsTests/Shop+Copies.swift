import Access
import CanonicalJSON
import Cryptography
import Environments
import Events
import Foundation
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore
@testable import Operations

extension Shop {
  /// A shop with four entries and the decision on the backup that was made of it.
  static func backedUp() async throws -> (shop: Shop, copy: String) {
    let shop = try await Shop()
    let copy = shop.directory.file("backup")
    try await shop.remark("looks good")
    try await shop.backUp(to: copy)
    return (shop, copy)
  }

  func verify() async throws -> VerifyWork.Result {
    try await VerifyWork(workspace, variables: variables).verify(vkey: nil) { _ in }
  }

  /// Seals a comment of the person's own, on a build: one entry, and the decision before the first.
  @discardableResult
  func remark(_ words: String, in session: Session? = nil) async throws -> Recording {
    let session = session ?? self.session
    let message = try SealedValue(.string(words), of: person.actor, random: SystemRandom())
    let artifact = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 9, count: 32)))
    let build = Build(
      application: "shop", components: [.init(name: "web", artifact: artifact, sizeBytes: 1)])
    let recorded = DraftEvent(
      BuildRecorded(
        build: build.digest, change: Change(message: message.sealed),
        components: [BuildComponent(artifact: artifact, name: "web", sizeBytes: 1)]),
      in: .build("shop"), scope: Scope(application: "shop"))
    let leave = try await leaveToBuild(in: session)
    return try await session.record(
      EntryDraft([recorded], expects: [.grant(person.actor): 1], because: [leave]), by: person,
      sealed: [message])
  }

  /// The first decision of it, which holds as long as nobody's grants change.
  private func leaveToBuild(in session: Session) async throws -> EntryID {
    let decided = try session.ledger.read { reader in
      try reader.positions(matching: EntryFilter(stream: .access(nil))).lazy
        .flatMap { try reader.entry(at: $0).read().events }
    }
    let leave = decided.first { event in
      guard case .access(.decided(let decided)) = event.event else { return false }
      return decided.action == Action.recordBuild.code
    }
    if let leave { return leave.entry }
    return try await session.authorize(
      .recordBuild, by: person, application: "shop", environment: nil
    ).decision
  }

  @discardableResult
  func backUp(
    to path: String, peopleKeys: String? = nil, by key: String? = nil,
    reached: @escaping @Sendable (BackupPoint) throws -> Void = { _ in }
  ) async throws -> BackupWork.Made {
    try await BackupWork(workspace, variables: variables, time: time, reached: reached).backUp(
      to: path, peopleKeys: peopleKeys, vkey: nil, by: .key(path: key), progress: { _ in })
  }

  /// Makes this user forget how far the ledger had come; what was pinned stays.
  func forgetCheckpoints() throws {
    let directory = KeyRing.stateDirectory(variables: variables)
    for name in try FileManager.default.contentsOfDirectory(atPath: directory)
    where name.hasSuffix(".checkpoint") {
      try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
    }
  }

  @discardableResult
  func restore(
    _ copy: String, _ asking: (inout RestoreWork.Request) -> Void = { _ in },
    reached: @escaping @Sendable (RestorePoint) throws -> Void = { _ in }
  ) async throws -> RestoreWork.Restored {
    var request = RestoreWork.Request(copy: copy)
    asking(&request)
    return try await RestoreWork(workspace, variables: variables, time: time, reached: reached)
      .restore(request) { _ in }
  }

  /// Everything that was decided but the leave to remark, as it was recorded.
  func decisions(in session: Session? = nil) async throws -> [AccessDecided] {
    try (session ?? self.session).ledger.read { reader in
      try (0..<reader.head().size).flatMap { try reader.entry(at: $0).read().events }
    }.compactMap { event in
      guard case .access(.decided(let decided)) = event.event,
        decided.action != Action.recordBuild.code
      else { return nil }
      return decided
    }
  }

  func grant(_ role: AccessRole, to signer: Signer) async throws {
    let granted = AccessGranted(
      actor: signer.actor, applications: .all, environments: .all, role: role, until: nil)
    _ = try await session.record(
      EntryDraft([DraftEvent(granted, in: .grant(signer.actor))]),
      by: session.signer(.administrator))
  }

  /// The ledger as another process finds it.
  func open() throws -> Session {
    try Session.open(workspace, for: .appending, variables: variables, time: time)
  }

  /// Loses files of the ledger's directory, their logs included.
  func lose(_ names: String...) throws {
    for name in names {
      for file in [name, name + "-wal", name + "-shm"] {
        try? FileManager.default.removeItem(atPath: workspace.ledger + "/" + file)
      }
      try #require(!FileManager.default.fileExists(atPath: workspace.ledger + "/" + name))
    }
  }

  /// Changes a ledger's file behind its back: its protections are taken off, and put back.
  func tamper(_ path: String, _ sql: String) throws {
    let ledger = try Connection(path: path, access: .writing)
    func triggers(_ statement: String) throws -> String {
      try #require(
        try ledger.text(
          "SELECT group_concat(\(statement), ';') FROM sqlite_schema WHERE type = 'trigger'"))
    }
    let (dropping, making) = (try triggers("'DROP TRIGGER ' || name"), try triggers("sql"))
    try ledger.execute("\(dropping);\(sql);\(making)")
  }
}

/// What the anchor of a ledger's directory says.
enum Anchored {
  static func size(in ledger: String) throws -> Int? {
    try LedgerDirectory(ledger).anchored().first.map {
      try Checkpoint(parsing: SignedNote(parsing: $0.note).text).size
    }
  }
}
