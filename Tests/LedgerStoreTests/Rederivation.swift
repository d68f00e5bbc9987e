import CanonicalJSON
import Events
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// Derives a whole ledger again from its headers, signatures, times and bodies, and compares
/// everything that is stored beside them: the check after every crash.
struct Rederivation {
  let path: String

  func check(size expected: Int? = nil) throws {
    let connection = try Connection(path: path + "/ledger.sqlite", access: .reading)
    let reader = try LedgerReader(LedgerDirectory(path))
    var frontier = Frontier()
    var versions: [StreamName: Int] = [:]
    try reader.forEachEntry(in: 0..<Int.max) { view in
      let entry = try StoredEntry(view)
      let header = try EntryHeader(parsing: entry.header)
      let leaf = TestHashing().leaf(entry.line.bytes)
      #expect(entry.position == frontier.size)
      #expect(try leaf == storedLeaf(entry.position, connection))
      for run in header.events {
        #expect(run.version == versions[run.stream, default: 0] + 1)
        versions[run.stream] = run.lastVersion
      }
      frontier.append(leaf, using: TestHashing())
      return true
    }
    let head = try reader.head()
    #expect(head.size == frontier.size)
    #expect(head.root == frontier.root(using: TestHashing()))
    if let expected { #expect(head.size == expected) }
    for (stream, version) in versions { #expect(try reader.version(of: stream) == version) }
    #expect(try connection.text("PRAGMA integrity_check") == "ok")
    #expect(try connection.text("PRAGMA foreign_key_check") == nil)
  }

  private func storedLeaf(_ position: Int, _ connection: Connection) throws -> Digest? {
    try connection.text("SELECT lower(hex(leaf)) FROM entry WHERE position = \(position)")
      .flatMap(Digest.init(hex:))
  }
}
