import CanonicalJSON
import Testing

@testable import Verification

/// A ledger that is longer than what is kept of it, and says things of its beginning.
@Suite struct LongLedgerTests {
  private static let forged = Result { try forge() }
  private let forge: LedgerForge

  init() throws { forge = try Self.forged.get() }

  /// 1,400 probes, then entries whose signers saw little, one of whom says so wrongly, one that has
  /// an early id again, and causes of which one is unknown.
  private static func forge() throws -> LedgerForge {
    var forge = try LedgerForge.staffed()
    for version in 1...1_400 {
      forge.append(.init(runs: [.health(from: version)], secondsLater: 1))
    }
    for (version, size) in [(1_401, 300), (1_402, 512), (1_403, 3)] {
      let seen = SeenTree(root: forge.roots[size], size: size)
      forge.append(.init(runs: [.health(from: version)], seen: seen))
    }
    forge.append(
      .init(runs: [.health(from: 1_404)], seen: SeenTree(root: forge.roots[302], size: 301)))
    forge.append(.init(runs: [.health(from: 1_405)], id: forge.ids[5]))
    forge.append(.init(runs: [.health(from: 1_405)], because: [forge.ids[3], forge.ids[1_390]]))
    forge.append(
      .init(
        runs: [.health(from: 1_406)], because: [forge.ids[4], LedgerForge.identifier(999_999)]))
    return forge
  }

  private var expected: [Finding] {
    let reused = Identifier(parsing: forge.ids[5])
    let unknown = Identifier(parsing: LedgerForge.identifier(999_999))
    return [
      Finding(
        position: 1_405,
        error: .seenRoot(
          signed: SeenTree(root: forge.roots[302], size: 301), derived: forge.roots[301])),
      Finding(position: 1_406, error: .entryReused(reused ?? .init(high: 0, low: 0), first: 5)),
      Finding(position: 1_408, error: .becauseUnknown(unknown ?? .init(high: 0, low: 0))),
    ]
  }

  @Test(arguments: [StoredLines.Tiles.right, .missing, .short, .wrong])
  func `what signers saw long ago is judged whatever the stored tiles say`(
    tiles: StoredLines.Tiles
  ) async throws {
    var ledger = forge.ledger
    ledger.checkpoints = [try forge.checkpoint(), try forge.checkpoint(size: 290)]

    let report = try await LedgerVerifier(workers: 2).verify(StoredLines(ledger, tiles: tiles))

    #expect(report.findings == expected)
    #expect(report.counts.checkpoints == 2)
  }

  @Test func `a forged tile in the database is found, and no root is taken from it`() async throws {
    var ledger = forge.ledger
    ledger.entries.removeSubrange(1_406...)  // The database takes no id twice.
    let file = try LedgerFile(ledger)
    try file.dropTriggers()
    try file.execute("UPDATE tile SET hashes = zeroblob(8192) WHERE idx = 1")
    let source = SQLiteLedger(directory: file.directory, hasAnchor: false)

    let report = try await LedgerVerifier(workers: 2).verify(source)

    let tile = Finding(position: 511, error: .tileStored(level: 0, index: 1))
    #expect(report.findings == [tile, expected[0]])
  }

  @Test func `an old checkpoint of another tree is found by its root`() async throws {
    var ledger = forge.ledger
    ledger.checkpoints = [try forge.checkpoint(size: 290, root: forge.roots[291])]

    let report = try await LedgerVerifier(workers: 2).verify(ledger)

    let error = VerificationError.checkpointRoot(
      size: 290, signed: forge.roots[291], derived: forge.roots[290])
    #expect(report.findings.last?.error == error)
  }

  @Test(arguments: [200, 256, 300, 301, 302, 700])
  func `what was seen since a verified state is derived, what was seen before is proven`(
    base: Int
  ) async throws {
    var beginning = forge.ledger
    beginning.entries.removeSubrange(base...)
    let state = try #require(try await LedgerVerifier(workers: 2).verify(beginning).state)
    let source = StoredLines(forge.ledger)

    let report = try await LedgerVerifier(workers: 2, state: state).verify(source)

    // Before the state a root is proven right or not, and no other is derived.
    let signed = SeenTree(root: forge.roots[302], size: 301)
    var expected = expected
    expected[0] = Finding(
      position: 1_405,
      error: .seenRoot(signed: signed, derived: base <= 301 ? forge.roots[301] : nil))
    #expect(report.findings == expected)
  }

  /// All entries, judged with a register that keeps next to nothing.
  private func judge(
    _ source: StoredLines, fingerprints: Int
  ) throws(LedgerReadError) -> [Finding] {
    let register = EntryRegister(expecting: 0, fingerprints: fingerprints, recentMax: 1)
    var rules = LedgerRules(reading: source, into: register)
    let chunk = Chunk(
      positions: 0..<source.ledger.entries.count, source: source, directory: KeyDirectory(),
      hasVault: false)
    var findings: [Finding] = []
    for facts in try chunk.examined().get().facts {
      for error in try rules.apply(facts).errors {
        findings.append(Finding(position: facts.position, error: error.error))
      }
    }
    return findings
  }

  @Test(arguments: [2, 16, 255])
  func `an id is reused or not, however many fingerprints meet`(fingerprints: Int) throws {
    let findings = try judge(StoredLines(forge.ledger), fingerprints: fingerprints)
    #expect(findings == expected)
  }

  @Test func `a line that is no longer what it was ends it, whether an id hides or appears`()
    throws
  {
    // Entry 1,406 has entry 5's id again: without entry 5 it would pass, and so would a lie.
    for line in [forge.ledger.entries[7].line, forge.ledger.entries[1_406].line, []] {
      let source = StoredLines(forge.ledger)
      let rules = try judged(source, upTo: 1_406)
      let changed = StoredLines(forge.ledger, changed: [5: line])
      let error = #expect(throws: LedgerReadError.self) {
        var past = PastLeaves(changed)
        let id = try #require(Identifier(parsing: forge.ids[5]))
        return try rules.entries.position(of: id) { position throws(LedgerReadError) in
          try past.isEntry(id, at: position, of: rules.tree)
        }
      }
      #expect(error?.reason.contains("is not what it was") == true)
    }
  }

  private func judged(_ source: StoredLines, upTo end: Int) throws -> LedgerRules {
    var rules = LedgerRules(reading: source, into: EntryRegister(recentMax: 1))
    let chunk = Chunk(
      positions: 0..<end, source: source, directory: KeyDirectory(), hasVault: false)
    for facts in try chunk.examined().get().facts { _ = try rules.apply(facts) }
    return rules
  }
}
