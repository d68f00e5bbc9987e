import CanonicalJSON

/// Where a ledger's bytes come from: a `.stele` directory, or memory.
///
/// Called from several tasks at once. A source hands out bytes and judges nothing.
package protocol LedgerSource: Sendable {
  /// What an error calls it.
  var file: String { get }

  /// What stands beside the entries, read once before them.
  ///
  /// - Parameter countingRows: Whether the rows of every table are counted too, which takes the
  ///   longer the more there are.
  func contents(countingRows: Bool) throws(LedgerReadError) -> LedgerContents

  /// Hands each entry at `positions`, in order, to `each`; the bytes are borrowed for that call.
  func read(
    _ positions: Range<Int>, _ each: (EntryBytes) -> Void
  ) throws(LedgerReadError)

  /// What the vault has for one sealed value.
  func sealed(_ place: SealedPlace) throws(LedgerReadError) -> SealedAnswer

  /// A stored full tile; nil if there is none.
  func tile(level: Int, index: Int) throws(LedgerReadError) -> StoredTile?

  /// Where the store says that entry `id` stands; a hint, to be proven.
  func position(of id: Identifier) throws(LedgerReadError) -> Int?
}

/// A row of `tile`.
package struct StoredTile: Hashable, Sendable {
  /// 256 hashes, 8,192 bytes.
  package let hashes: [UInt8]
  package let root: Digest
}

/// The store could not be read at all; nothing was found out about the ledger.
package struct LedgerReadError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file that was read.
  package let file: String
  /// SQLite's or the system's words.
  package let reason: String

  package var description: String {
    "Nothing was verified: \(file) cannot be read (\(reason)). Look at it with `ls -l \(file)`."
  }
}

/// What stands beside a ledger's entries.
package struct LedgerContents: Sendable {
  /// How many entries there are: positions 0 ..< entries.
  package var entries: Int
  /// Newest first, as the store has them: the newest, and those that somebody else has signed too.
  package var checkpoints: [StoredCheckpoint] = []
  package var anchor = AnchorState.notKept
  /// Whether the source is a database, whose tables repeat what the entries say.
  package var hasTables = false
  /// Rows per table, where they were counted.
  package var rows: StoredRows?
  /// Whether the values behind `$sealed` can be asked for.
  package var hasVault = false
}

/// A signed note, and what the store says of it besides; nil where it says nothing.
package struct StoredCheckpoint: Hashable, Sendable {
  package let note: String
  package var size: Int?
  /// 1 where somebody besides the log has signed it, which is what keeps it; else 0.
  package var witnessed: Int?
}

/// Row counts of the tables that are derived from the entries.
package struct StoredRows: Hashable, Sendable {
  package var entries: Int
  package var bodies: Int
  package var runs: Int
  package var tiles: Int
  package var streams: Int
  package var kinds: Int
  package var actors: Int
}

/// The newest valid slot of the anchor file.
package enum AnchorState: Hashable, Sendable {
  /// The source has no anchor by nature.
  case notKept
  /// There should be one, and `reason` is why there is none.
  case invalid(reason: String)
  case note(String)
}

/// One entry's bytes, borrowed.
package struct EntryBytes {
  package let position: Int
  package let line: UnsafeRawBufferPointer
  /// Nil when it was pruned, or lost.
  package let body: UnsafeRawBufferPointer?
  /// What the database says of the entry besides; nil where it says nothing.
  package let stored: StoredEntry?
}

/// Columns and rows that repeat what an entry's line says.
package struct StoredEntry: Sendable {
  package let position: Int
  package let leaf: Digest
  package let entry: [UInt8]
  package let runs: [StoredRun]
}

/// A row of `run`, with its names looked up.
package struct StoredRun: Hashable, Sendable {
  package let start: Int
  package let stream: String
  package let application: String?
  package let environment: String?
  package let version: Int
  package let count: Int
  package let kind: String
  package let retention: String
  package let actor: [UInt8]
}

/// Where a sealed value belongs: together with the origin, its associated data.
package struct SealedPlace: Hashable, Sendable {
  package let origin: LedgerOrigin
  package let entry: Identifier
  /// Index into `data`.
  package let event: Int
  /// RFC 6901, from the event's object.
  package let pointer: String
  package let subject: Identifier
}

/// What the vault has for a sealed value.
package enum SealedAnswer: Hashable, Sendable {
  /// Salt (32 bytes) ‖ canonical value.
  case opened([UInt8])
  /// No ciphertext, no key of the person, or they do not fit together.
  case missing
  /// The people's keys cannot be read from here, so nothing is known.
  case notReadable
}
