import CanonicalJSON
import Events
import Projections
import Testing

/// However a state came about, it is the same bytes: the law that makes snapshots a mere cache.
@Suite struct FoldTests {
  @Test(arguments: UInt64(200)...205)
  func `a fold of every length equals a full replay and a fold from any snapshot`(
    seed: UInt64
  ) throws {
    let ledger = try RandomLedger.make(seed: seed, entries: 24)
    let incremental = try snapshots(of: ledger, from: LedgerState())
    #expect(incremental.count == ledger.rows.count + 1)

    for (size, expected) in incremental.enumerated() {
      #expect(try ledger.prefix(size).readProperly().snapshot.canonicalBytes() == expected)
      let restored = try LedgerState(snapshot: JSONValue(parsing: expected))
      let continued = try snapshots(of: ledger, from: restored)
      #expect(continued == Array(incremental[size...]), "from the snapshot of \(size) entries")
    }
  }

  @Test func `the generated histories have every kind there is`() throws {
    var kinds: Set<String> = []
    for seed in UInt64(200)...205 {
      kinds.formUnion(try RandomLedger.make(seed: seed, entries: 24).kinds())
    }
    for seed in UInt64(1)...12 {
      kinds.formUnion(try RandomLedger.make(seed: seed, entries: 120).kinds())
    }

    #expect(kinds.isSuperset(of: KindCatalogue.rules.map(\.kind.text)))
  }

  /// The state's bytes after each entry, beginning with those of `state`.
  private func snapshots(of ledger: StoredLedger, from state: LedgerState) throws -> [[UInt8]] {
    var state = state
    var bytes = [try state.snapshot.canonicalBytes()]
    try ledger.forEach(from: state.size) { entry in
      try state.apply(entry)
      bytes.append(try state.snapshot.canonicalBytes())
    }
    return bytes
  }
}

extension StoredLedger {
  /// Its first `size` entries.
  fileprivate func prefix(_ size: Int) -> StoredLedger {
    var beginning = StoredLedger()
    for row in rows.prefix(size) { beginning.append(row) }
    return beginning
  }

  fileprivate func kinds() throws -> Set<String> {
    var kinds: Set<String> = []
    for row in rows {
      for run in try EntryHeader(parsing: row.header).events { kinds.insert(run.kind.text) }
    }
    return kinds
  }
}
