import CanonicalJSON

/// A ledger in memory: lines and bodies as somebody handed them over.
package struct MemoryLedger: LedgerSource {
  /// One entry: its line and, unless it is gone, its body.
  package struct Entry: Sendable {
    package var line: [UInt8]
    package var body: [UInt8]?

    package init(line: [UInt8], body: [UInt8]?) {
      self.line = line
      self.body = body
    }
  }

  /// Where a value was sealed: entry, event, pointer.
  package struct Place: Hashable, Sendable {
    package let entry: Identifier
    package let event: Int
    package let pointer: String

    package init(entry: Identifier, event: Int, pointer: String) {
      self.entry = entry
      self.event = event
      self.pointer = pointer
    }
  }

  package var entries: [Entry]
  /// Signed notes, newest first.
  package var checkpoints: [String]
  package var anchor: AnchorState
  /// Salt ‖ canonical value of what is sealed; nil if the vault is not to be had.
  package var vault: [Place: [UInt8]]?

  package init(
    entries: [Entry], checkpoints: [String] = [], anchor: AnchorState = .notKept,
    vault: [Place: [UInt8]]? = nil
  ) {
    self.entries = entries
    self.checkpoints = checkpoints
    self.anchor = anchor
    self.vault = vault
  }

  package var file: String { "the ledger in memory" }

  package func contents(countingRows: Bool) -> LedgerContents {
    LedgerContents(
      entries: entries.count, checkpoints: checkpoints.map { StoredCheckpoint(note: $0) },
      anchor: anchor, hasVault: vault != nil)
  }

  package func read(_ positions: Range<Int>, _ each: (EntryBytes) -> Void) {
    for position in positions {
      let entry = entries[position]
      entry.line.withUnsafeBytes { line in
        guard let body = entry.body else {
          return each(EntryBytes(position: position, line: line, body: nil, stored: nil))
        }
        body.withUnsafeBytes { body in
          each(EntryBytes(position: position, line: line, body: body, stored: nil))
        }
      }
    }
  }

  package func sealed(_ place: SealedPlace) -> SealedAnswer {
    guard let vault else { return .notReadable }
    let key = Place(entry: place.entry, event: place.event, pointer: place.pointer)
    return vault[key].map { .opened($0) } ?? .missing
  }

  package func tile(level: Int, index: Int) -> StoredTile? { nil }

  package func position(of id: Identifier) -> Int? {
    entries.firstIndex { entry in
      entry.line.withUnsafeBytes { LineHeader.read($0)?.entry == id }
    }
  }
}
