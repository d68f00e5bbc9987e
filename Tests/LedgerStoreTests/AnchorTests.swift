import CanonicalJSON
import Cryptography
import Events
import Foundation
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// The newest checkpoint outside the database, and what opening makes of it.
@Suite struct AnchorTests {
  let store: TemporaryLedger
  let path: String

  init() throws {
    store = try TemporaryLedger()
    path = store.path + "/anchor"
    try store.append(.health(), by: [.service])
  }

  @Test func `a slot reads back what it wrote, and nothing else`() {
    let slot = AnchorSlot(generation: 7, note: "a note\n")
    let bytes = slot.bytes

    #expect(bytes.count == 1_024)
    #expect(String(decoding: bytes.prefix(18), as: UTF8.self) == "stele/anchor/v1\n7\n")
    #expect(AnchorSlot(parsing: bytes) == slot)
    for index in [0, 16, 20, 500, 991, 992, 1_023] {
      var torn = bytes
      torn[index] ^= 1
      #expect(AnchorSlot(parsing: torn) == nil, "byte \(index)")
    }
    #expect(AnchorSlot(parsing: bytes.dropLast()) == nil)
    for wrong in [0, .max, .max - 2, 9_007_199_254_740_992] {
      #expect(AnchorSlot(parsing: AnchorSlot(generation: wrong, note: "x").bytes) == nil)
    }
  }

  @Test func `slots take turns and the higher generation is the newest`() throws {
    let first = try #require(try Anchor.read(path))
    try store.ledger.close()
    try store.append(.health(), by: [.service])
    let second = try #require(try Anchor.read(path))

    #expect(second.generation == first.generation + 1)
    #expect(second.note == (try store.ledger.head().checkpoint?.serialized))
    #expect(try file().count == 2_048)
  }

  @Test func `until a slot is durable the other one is not touched`() throws {
    let first = try #require(try Anchor.read(path))
    let durable = try file()[AnchorSlot(generation: first.generation + 1, note: "").range]
    for _ in 0..<3 { try store.append(.health(), by: [.service]) }

    #expect(try Anchor.read(path)?.generation == first.generation + 6)
    #expect(try file()[AnchorSlot(generation: first.generation + 1, note: "").range] == durable)
  }

  @Test func `another process goes on in the slot that may not be durable`() throws {
    let first = try #require(try Anchor.read(path))
    let other = try store.another()
    _ = try other.append(store.envelope(.health(), by: [.service]))

    #expect(try Anchor.read(path)?.generation == first.generation + 2)
  }

  @Test func `the only slot is made durable before the other is begun`() throws {
    let newest = try #require(try Anchor.read(path))
    try overwrite(at: (newest.generation + 1) % 2 * 1_024, with: [0xFF])
    try store.reopen()
    try store.append(.health(), by: [.service])

    #expect(try Anchor.read(path)?.generation == newest.generation + 1)
    #expect(AnchorSlot.all(in: try file()).map(\.generation).count == 2)
  }

  @Test func `a torn newest slot leaves the one before it`() throws {
    let newest = try #require(try Anchor.read(path))
    try overwrite(at: newest.generation % 2 * 1_024 + 30, with: [0xFF])

    let older = try #require(try Anchor.read(path))
    #expect(older.generation == newest.generation - 1)
    try store.reopen()
    #expect(try Anchor.read(path)?.note == newest.note)  // the lag is mended at open
    try Rederivation(path: store.path).check(size: 2)
  }

  @Test func `a missing anchor beside entries is refused`() throws {
    try FileManager.default.removeItem(atPath: path)

    #expect(throws: LedgerError.anchorMissing(path: path, size: 2)) { try store.another() }
    #expect(throws: LedgerError.anchorMissing(path: path, size: 2)) {
      try store.another(for: .reading)
    }
  }

  @Test func `an anchor without a valid slot is refused`() throws {
    try overwrite(at: 30, with: [0xFF])
    try overwrite(at: 1_054, with: [0xFF])

    #expect(throws: LedgerError.anchorInvalid(path: path, size: 2)) { try store.another() }
  }

  @Test(arguments: [GoldenKey.service, .newLog])
  func `an anchor that the log did not sign is refused`(key: GoldenKey) throws {
    let head = try store.ledger.head()
    let checkpoint = try Checkpoint(
      origin: TemporaryLedger.originText, size: head.size, root: head.root)
    let verifier = try VerifierKey(
      name: TemporaryLedger.originText, algorithm: .ed25519, key: key.signing.publicKey.raw,
      using: TestHashing())
    let note = SignedNote(
      text: checkpoint.text,
      signatures: [verifier.signature(on: checkpoint.text) { key.signing.sign($0) }])
    try write(note.serialized)

    #expect(throws: LedgerError.anchorInvalid(path: path, size: 2)) { try store.another() }
  }

  @Test(arguments: ["no note", "x\n\n— a AAAAAAAA\n"])
  func `an anchor that is no checkpoint is refused`(note: String) throws {
    try write(note)

    #expect(throws: LedgerError.anchorInvalid(path: path, size: 2)) { try store.another() }
  }

  @Test func `an anchor of another history is refused with both roots`() throws {
    let other = try TemporaryLedger()
    try other.append(.health(3), by: [.service])
    let foreign = try #require(try Anchor.read(other.path + "/anchor"))
    try write(foreign.note)

    let (ours, theirs) = (try store.ledger.head().root, try other.ledger.head().root)
    #expect(
      throws: LedgerError.anchorDisagrees(path: path, size: 2, anchored: theirs, actual: ours)
    ) { try store.another() }
  }

  @Test func `an anchor that cannot be written stops appending, and what was committed stays`()
    throws
  {
    let store = try TemporaryLedger(genesis: [])
    try FileManager.default.createDirectory(
      atPath: store.path + "/anchor", withIntermediateDirectories: false)

    #expect(throws: LedgerError.self) {
      try store.append(
        TemporaryLedger.genesis(GoldenKey.genesis), by: [.administrator] + GoldenKey.genesis)
    }
    try FileManager.default.removeItem(atPath: store.path + "/anchor")
    #expect(try store.ledger.head().size == 1)
  }

  private func file() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  private func overwrite(at offset: Int, with bytes: [UInt8]) throws {
    try FileDescriptor(path, O_RDWR).write(bytes, at: offset)
  }

  private func write(_ note: String) throws {
    let generation = try Anchor.read(path)?.generation ?? 0
    for next in 1...2 {
      let slot = AnchorSlot(generation: generation + next, note: note)
      try overwrite(at: slot.generation % 2 * 1_024, with: slot.bytes)
    }
  }
}

extension AnchorSlot {
  /// Where it stands in the file.
  fileprivate var range: Range<Int> { place..<place + Self.byteCount }
}
