import CanonicalJSON
import Foundation
import Testing

@testable import Verification

/// A ledger in SQLite: what is stored beside the entries must be what the entries give.
@Suite struct SQLiteLedgerTests {
  let file: LedgerFile

  init() throws { file = try LedgerFile(.goldenWithCheckpoint) }

  private func verify() async throws -> [String] {
    let report = try await LedgerVerifier(workers: 2, chunkEntries: 4).verify(file.source())
    return report.findings.map { "\($0.position) \($0.error.name)" }
  }

  @Test func `the golden ledger in SQLite is sound, rows and anchor compared`() async throws {
    let report = try await LedgerVerifier(workers: 2, chunkEntries: 4).verify(file.source())

    #expect(report.findings == [])
    #expect(report.root.hex == GoldenFile.shared.entries[11].rootAfter)
    #expect(report.counts.storedRuns == 22)
    #expect(report.counts.checkpoints == 2)
    #expect(report.counts.sealedNotReadable == 3)
    #expect(report.counts.sealedValues == 0)
  }

  @Test(
    arguments: [
      ("UPDATE entry SET leaf = zeroblob(32) WHERE position = 3", "3 leafStored"),
      ("UPDATE entry SET entry = zeroblob(16) WHERE position = 3", "3 entryStored"),
      ("UPDATE entry SET recorded = recorded + 1 WHERE position = 3", "3 leafStored"),
      ("UPDATE entry SET recorded = -1 WHERE position = 3", "3 lineForm"),
      ("UPDATE entry SET signatures = zeroblob(95) WHERE position = 3", "3 lineForm"),
      ("UPDATE run SET version = 9 WHERE position = 3", "3 runStored"),
      ("UPDATE run SET position = 2, start = 9 WHERE position = 3", "2 runStored"),
      ("UPDATE run SET kind = 99 WHERE position = 3", "3 runStored"),
      ("UPDATE run SET stream = 99 WHERE position = 3", "3 runStored"),
      ("UPDATE run SET actor = 99 WHERE position = 3", "3 runStored"),
      ("UPDATE kind SET class = 'telemetry' WHERE name = 'access.decided.v1'", "3 runStored"),
      ("UPDATE stream SET environment = 'x' WHERE name = 'access/production'", "3 runStored"),
      ("DELETE FROM run WHERE position = 3", "3 runStored"),
      (
        "INSERT INTO run SELECT 99, 0, stream, 77, 1, kind, actor FROM run LIMIT 1",
        "12 countStored"
      ),
      ("INSERT INTO body VALUES (99, '')", "12 countStored"),
      ("INSERT INTO tile VALUES (0, 0, zeroblob(32), zeroblob(8192))", "12 countStored"),
      (
        "UPDATE body SET body = replace(body, '\"count\":3', '\"count\":4') WHERE position = 10",
        "10 bodyDigest"
      ),
      ("DELETE FROM body WHERE position = 8", "8 bodyMissing"),
      ("DELETE FROM body WHERE position = 3", "3 bodyMissing"),
      ("DELETE FROM entry WHERE position = 8", "8 positionGap"),
      ("DELETE FROM entry WHERE position = 11", "11 checkpointSize"),
      ("UPDATE entry SET position = 20 WHERE position = 11", "11 positionGap"),
      ("UPDATE entry SET header = '{}' WHERE position = 5", "5 headerForm"),
      ("UPDATE checkpoint SET note = 'x'", "12 checkpointForm"),
      ("UPDATE checkpoint SET note = replace(note, 'F6eH', 'F6eI')", "12 checkpointRoot"),
      ("DELETE FROM checkpoint", nil),
    ] as [(String, String?)])
  func `whoever owns the file and changes it is found out`(sql: String, first: String?) async throws
  {
    try file.dropTriggers()
    try file.execute(sql)

    let found = try await verify()
    #expect(found.first == first, "\(sql): \(found)")
  }

  @Test func `every run of a changed actor is named`() async throws {
    try file.dropTriggers()
    try file.execute("UPDATE actor SET actor = zeroblob(16) WHERE id = 1")

    let findings = try await verify()

    #expect(findings.count == 4, "\(findings)")
    #expect(findings.allSatisfy { $0.hasSuffix("runStored") })
  }

  @Test func `an anchor that is gone, torn or of a longer ledger is a finding`() async throws {
    try FileManager.default.removeItem(atPath: file.directory + "/anchor")
    #expect(try await verify() == ["12 anchorForm"])

    try Data(repeating: 0x41, count: 2048).write(
      to: URL(fileURLWithPath: file.directory + "/anchor"))
    #expect(try await verify() == ["12 anchorForm"])

    try file.dropTriggers()
    try file.writeAnchor(GoldenFile.shared.witnessedCheckpoint)
    try file.execute("DELETE FROM checkpoint; DELETE FROM entry WHERE position = 11")
    try file.execute("DELETE FROM body WHERE position = 11; DELETE FROM run WHERE position = 11")
    for name in ["stream", "kind", "actor"] {
      try file.execute("DELETE FROM \(name) WHERE id NOT IN (SELECT \(name) FROM run)")
    }
    #expect(try await verify() == ["11 anchorAhead"])
  }

  @Test func `an anchor may lag behind, and its newest valid slot counts`() async throws {
    let older = GoldenFile.shared.entries[5].checkpointAfter
    try file.writeAnchor(older, generation: 1, into: 0)
    #expect(try await verify() == [])

    try file.writeAnchor(GoldenFile.shared.witnessedCheckpoint, generation: 2, into: 1)
    #expect(try await verify() == [])
    guard case .note(let note) = try file.source().contents(countingRows: false).anchor else {
      Issue.record("no anchor")
      return
    }
    #expect(note == GoldenFile.shared.witnessedCheckpoint)
  }

  @Test func `what is new is verified without counting what was there`() async throws {
    let contents = try file.source().contents(countingRows: false)
    #expect(contents.rows == nil)
    #expect(contents.hasTables)

    let before = try await LedgerVerifier().verify(file.source()).state
    try file.execute("INSERT INTO kind VALUES (99, 'nothing.happened.v1', 'permanent')")
    #expect(try await verify() == ["12 countStored"])
    let later = try await LedgerVerifier(state: before).verify(file.source())
    #expect(later.findings == [])
  }

  @Test func `an anchor of another history is found by its root`() async throws {
    let forge = try LedgerForge.staffed()
    try file.writeAnchor(forge.checkpoint())
    #expect(try await verify() == ["12 checkpointRoot"])
  }

  @Test(arguments: ["stele/anchor/v1\n0\nx", "stele/anchor/v1\n-", "stele/anchor/v2\n1\nx"])
  func `a slot without generation or magic is none`(text: String) {
    var slot = Array(text.utf8)
    slot += [UInt8](repeating: 0, count: 992 - slot.count)
    slot += Hashing.sha256(slot).bytes
    #expect(AnchorFile.parse(slot) == .invalid(reason: "neither of its slots is valid"))
    #expect(AnchorFile.parse([1, 2, 3]) == .invalid(reason: "neither of its slots is valid"))
  }

  @Test func `tiles are compared with the leaves, and the pruned are counted`() async throws {
    var forge = try LedgerForge.staffed()
    for version in 1...600 { forge.append(.init(runs: [.health(from: version)], secondsLater: 1)) }
    forge.append(
      .init(
        actor: "administrator",
        runs: [
          .init(
            "retention.applied", "retention/main", 1,
            [#"{"class":"telemetry","first":0,"last":99}"#])
        ]))
    var ledger = forge.ledger
    for position in 2..<52 { ledger.entries[position].body = nil }
    ledger.checkpoints = [try forge.checkpoint()]
    let file = try LedgerFile(ledger)

    let report = try await LedgerVerifier(workers: 2, chunkEntries: 64).verify(file.source())
    #expect(report.findings == [])
    #expect(report.counts.tiles == 2)
    #expect(report.pruned == [.telemetry: 50])
    #expect(report.counts.bodies == 553)

    try file.dropTriggers()
    try file.execute("UPDATE tile SET root = zeroblob(32) WHERE idx = 1")
    let changed = try await LedgerVerifier().verify(file.source())
    #expect(changed.findings == [.init(position: 511, error: .tileStored(level: 0, index: 1))])
  }

  @Test func `a file that cannot be read says so, with its name`() async throws {
    let source = SQLiteLedger(directory: file.directory + "/nowhere")
    let error = await #expect(throws: LedgerReadError.self) {
      try await LedgerVerifier().verify(source)
    }
    #expect(error?.file == file.directory + "/nowhere/ledger.sqlite")
    #expect(error?.description.contains("Nothing was verified") == true)

    try file.dropTriggers()
    try file.execute("DROP TABLE run")
    let missing = await #expect(throws: LedgerReadError.self) {
      try await LedgerVerifier().verify(file.source())
    }
    #expect(missing?.reason == "no such table: run")
  }
}
