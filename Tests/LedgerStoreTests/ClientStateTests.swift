import CanonicalJSON
import Cryptography
import Events
import Foundation
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// What a client has verified, a ledger cannot take back.
@Suite struct ClientStateTests {
  let store: TemporaryLedger
  let directory: TemporaryDirectory
  let client: ClientState

  init() throws {
    store = try TemporaryLedger()
    directory = try TemporaryDirectory()
    client = ClientState(directory: directory.file("state/stele"))
  }

  func check(_ store: TemporaryLedger) throws {
    _ = try store.ledger.read { try client.check($0) }
  }

  @Test func `the newest checkpoint is remembered, and growth is consistent with it`() throws {
    try check(store)
    #expect(try client.checkpoint(of: store.origin)?.size == 1)
    for size in 2...5 {
      try store.append(.health(), by: [.service])
      try check(store)
      let head = try store.ledger.head()
      let remembered = try client.checkpoint(of: store.origin)
      #expect(remembered?.size == size)
      #expect(remembered?.root == head.root)
    }
  }

  /// Several commands of one user at once, each with an opening of its own.
  @Test func `who appends meanwhile neither makes another's look wrong nor takes it back`()
    async throws
  {
    let ledgers = try (0..<4).map { _ in try store.another() }
    let envelopes = try (0..<120).map { number in
      let name = try #require(EnvironmentName(rawValue: "e\(number)"))
      return try store.envelope(.health(environment: name), by: [.service])
    }
    let client = client

    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, ledger) in ledgers.enumerated() {
        let own = envelopes.indices.filter { $0 % ledgers.count == number }.map { envelopes[$0] }
        group.addTask {
          for envelope in own {
            _ = try ledger.append(envelope)
            try ledger.read { _ = try client.check($0) }
          }
        }
      }
      try await group.waitForAll()
    }

    #expect(try client.checkpoint(of: store.origin)?.size == 121)
  }

  @Test func `an empty ledger leaves nothing to remember`() throws {
    let empty = try TemporaryLedger(genesis: [])

    try check(empty)

    #expect(try client.checkpoint(of: empty.origin) == nil)
  }

  @Test func `a shortened ledger is refused with both sizes`() throws {
    try store.append(.health(), by: [.service])
    try check(store)
    let shorter = try TemporaryLedger()

    let path = try #require(try file("checkpoint"))
    #expect(throws: LedgerError.clientStateAhead(path: path, verified: 2, size: 1)) {
      try check(shorter)
    }
  }

  @Test func `another history is refused with both roots`() throws {
    try store.append(.health(), by: [.service])
    try check(store)
    let other = try TemporaryLedger()
    for _ in 0..<3 { try other.append(.health(2), by: [.service]) }

    let path = try #require(try file("checkpoint"))
    let (mine, theirs) = (
      try store.ledger.head().root, try other.ledger.read { try $0.root(ofSize: 2) }
    )
    #expect(
      throws: LedgerError.clientStateDiffers(path: path, size: 2, verified: mine, actual: theirs)
    ) { try check(other) }
    #expect(try client.checkpoint(of: store.origin)?.size == 2)
  }

  @Test func `a checkpoint that the log did not sign is not remembered`() throws {
    let connection = try Connection(path: store.path + "/ledger.sqlite", access: .writing)
    let note = try #require(try store.ledger.head().checkpoint)
    let forged = SignedNote(
      text: note.text,
      signatures: [
        NoteSignature(name: "somebody", keyID: 1, blob: [UInt8](repeating: 0, count: 64))
      ])
    try connection.execute("UPDATE checkpoint SET note = '\(forged.serialized)'")

    #expect(throws: LedgerError.checkpointForeign(size: 1)) { try check(store) }
  }

  @Test func `what is not a checkpoint is refused, not overwritten`() throws {
    try check(store)
    let path = try #require(try file("checkpoint"))
    try "garbage".write(toFile: path, atomically: false, encoding: .utf8)

    #expect(throws: LedgerError.clientStateInvalid(path: path)) { try check(store) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "garbage")
  }

  @Test func `a pinned key must be the log's`() throws {
    let custody = try store.ledger.read { try $0.custody() }
    let own = try #require(try custody.verifierKeys().first)
    try client.pin(own, for: store.origin)
    try check(store)
    #expect(try client.pin(for: store.origin) == own.text)

    let foreign = try VerifierKey(
      name: store.origin.description, algorithm: .ed25519,
      key: GoldenKey.newLog.signing.publicKey.raw, using: TestHashing())
    try client.pin(foreign, for: store.origin)

    let path = try #require(try file("pin"))
    #expect(
      throws: LedgerError.pinDiffers(path: path, pinned: foreign.text, actual: own.text)
    ) { try check(store) }
  }

  @Test func `a directory that cannot be made is an error of the system`() throws {
    let blocked = ClientState(directory: directory.file("plain"))
    try "x".write(toFile: directory.file("plain"), atomically: false, encoding: .utf8)

    #expect(throws: (any Error).self) { try store.ledger.read { try blocked.check($0) } }
  }

  @Test func `what an incarnation gave up is not asked for again`() throws {
    let anchored = try lose(entries: 2)
    #expect(throws: LedgerError.self) { try store.another() }
    let recovering = try store.another(for: .startingIncarnation)
    let next = try #require(
      Origin(name: store.origin.name, log: store.origin.log, incarnation: 2))
    let head = try recovering.head()
    let started = IncarnationStarted(
      lost: MachineWords(anchored.note), previous: store.origin, root: head.root, size: head.size)
    try store.reopen(for: .startingIncarnation)

    #expect(
      throws: LedgerError.logMissing(
        path: store.path + "/ledger.sqlite-wal", anchored: 4, size: 2)
    ) { try store.append(.health(), by: [.service]) }
    _ = try store.ledger.append(
      store.envelope(
        EntryDraft([DraftEvent(started, in: .ledger)]),
        by: [.administrator, .recovery1, .recovery2], ledger: next))
    try store.append(.health(), by: [.service])

    try store.reopen()
    let told = try store.ledger.read { try client.check($0) }
    #expect(
      told == [
        LostEntries(origin: store.origin, positions: 2..<4, namedSize: 4, saidAt: 2)
      ])
    #expect(try client.checkpoint(of: next)?.size == 4)
    #expect(try client.checkpoint(of: store.origin)?.size == 4)
    try Rederivation(path: store.path).check(size: 4)
  }

  @Test func `an incarnation that gave up less than was verified here is refused`() throws {
    let named = try #require(try store.ledger.head().checkpoint)
    _ = try lose(entries: 2)
    let next = try #require(
      Origin(name: store.origin.name, log: store.origin.log, incarnation: 2))
    try store.reopen(for: .startingIncarnation)
    let head = try store.ledger.head()
    let started = IncarnationStarted(
      lost: MachineWords(named.serialized), previous: store.origin, root: head.root,
      size: head.size)
    _ = try store.ledger.append(
      store.envelope(
        EntryDraft([DraftEvent(started, in: .ledger)]),
        by: [.administrator, .recovery1, .recovery2], ledger: next))
    try store.reopen()

    let path = client.checkpointFile(of: store.origin)
    #expect(
      throws: LedgerError.clientStateBeyondLost(path: path, verified: 4, named: 1)
    ) { try check(store) }
  }

  /// Restores a copy of the database that lacks the last `entries`; the client has seen them.
  private func lose(entries: Int) throws -> AnchorSlot {
    try store.append(.health(), by: [.service])
    let copy = directory.file("copy.sqlite")
    try Connection(path: store.path + "/ledger.sqlite", access: .writing)
      .execute("VACUUM INTO '\(copy)'")
    for _ in 0..<entries { try store.append(.health(), by: [.service]) }
    try check(store)
    try store.ledger.close()
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: store.path + "/ledger.sqlite" + suffix)
    }
    try FileManager.default.moveItem(atPath: copy, toPath: store.path + "/ledger.sqlite")
    _ = try Connection(path: store.path + "/ledger.sqlite", access: .writing)
    return try #require(try Anchor.read(store.path + "/anchor"))
  }

  private func file(_ suffix: String) throws -> String? {
    let base = directory.file("state/stele")
    return try FileManager.default.contentsOfDirectory(atPath: base)
      .first { $0.hasSuffix(".\(suffix)") }.map { "\(base)/\($0)" }
  }
}
