import CanonicalJSON
import Events
import LedgerStore
import TransparencyLog

/// What is known of a ledger beside its database: the anchor, anchors that restores have put aside,
/// and what this client has verified. A copy is held against it.
struct KnownHistory: Sendable {
  /// A checkpoint, and the file it stands in.
  struct Known: Sendable, Equatable {
    let source: String
    let note: String
    let origin: Origin
    let size: Int
    let root: Digest

    /// - Throws: `NoteError`, `IdentifierError`: the text is no checkpoint.
    init(source: String, note: String) throws {
      let checkpoint = try Checkpoint(parsing: SignedNote(parsing: note).text)
      self.source = source
      self.note = note
      origin = try Origin(parsing: checkpoint.origin)
      size = checkpoint.size
      root = checkpoint.root
    }
  }

  let all: [Known]

  init(_ all: [Known]) { self.all = all }

  /// - Parameters:
  ///   - origin: Of the ledger, any of its incarnations; what the client knows of later ones counts
  ///     too.
  ///   - signers: Who may have signed what lies beside the database, and in it; nil where a copy of
  ///     that very database is made.
  /// - Throws: `LedgerError` when a file cannot be read, or holds no checkpoint;
  ///   ``HistoryError/unsigned(source:size:)``.
  init(
    of origin: Origin, in live: LedgerDirectory, client: ClientState, signers: LogSigners? = nil
  ) throws {
    var all = try live.anchored().map { try Known(source: $0.path, note: $0.note) }
    if let signers {
      if let forged = all.first(where: { !signers.haveSigned($0.note) }) {
        throw HistoryError.unsigned(source: forged.source, size: forged.size)
      }
      // What the database itself has had signed is lost with it. One that does not open, or says
      // what nobody signed, is what a restore is for.
      if let note = try? live.reading({ try $0.head().checkpoint?.serialized }),
        signers.haveSigned(note)
      {
        all.append(try Known(source: live.database, note: note))
      }
    }
    var incarnation = 1
    while let named = Origin(name: origin.name, log: origin.log, incarnation: incarnation) {
      let remembered = try client.note(of: named)
      guard remembered != nil || incarnation <= origin.incarnation else { break }
      if let remembered {
        all.append(try Known(source: client.checkpointFile(of: named), note: remembered))
      }
      incarnation += 1
    }
    self.all = all
  }

  /// Compares everything known with a copy.
  ///
  /// - Returns: The newest checkpoint that the copy does not reach; nil when nothing is lost.
  /// - Throws: ``HistoryError`` when the copy is of another ledger, another history, or from before
  ///   an incarnation.
  func newestLost(in reader: LedgerReader) throws -> Known? {
    let custody = try reader.custody()
    let size = try reader.head().size
    guard let copied = custody.origin else { return nil }
    var lost: Known?
    for known in all {
      try Self.checkOrigin(known, against: copied)
      let positions = custody.positions(of: known.origin) ?? 0..<0
      if known.size > positions.upperBound { continue }  // Lost before, and the ledger says so.
      guard known.size <= size else {
        if known.size > lost?.size ?? 0 { lost = known }
        continue
      }
      let actual = try reader.root(ofSize: known.size)
      guard actual == known.root else {
        throw HistoryError.differs(
          source: known.source, size: known.size, known: known.root, copied: actual)
      }
    }
    return lost
  }

  private static func checkOrigin(_ known: Known, against copied: Origin) throws(HistoryError) {
    guard known.origin.name == copied.name, known.origin.log == copied.log else {
      throw .anotherLedger(source: known.source, known: known.origin, copied: copied)
    }
    guard known.origin.incarnation <= copied.incarnation else {
      throw .superseded(source: known.source, known: known.origin, copied: copied)
    }
  }
}

/// Why a copy is not the ledger that is known here; nothing was changed.
package enum HistoryError: ExitingError, Equatable {
  case anotherLedger(source: String, known: Origin, copied: Origin)
  /// An incarnation has given up what the copy may still have: its origin never signs again.
  case superseded(source: String, known: Origin, copied: Origin)
  case differs(source: String, size: Int, known: Digest, copied: Digest)
  /// A checkpoint beside the ledger is of no key that is known here.
  case unsigned(source: String, size: Int)

  package var exitStatus: ExitStatus { .integrity }

  package var description: String {
    switch self {
    case .anotherLedger(let source, let known, let copied):
      """
      Nothing was done: \(source) is of the ledger \(known), the copy of \(copied).
      Use it with its own project: STELE_LEDGER=DIRECTORY
      """
    case .superseded(let source, let known, let copied):
      """
      Nothing was done: the copy is of \(copied), and \(source) of the later incarnation \(known), \
      which has given up what came after it.
      Restore a backup that was made since: `stele restore FOLDER`
      """
    case .unsigned(let source, let size):
      """
      Nothing was done: \(source) claims \(size) entries, and no key of this log that is known \
      here has signed that: it was forged or damaged, or the log's key has changed since and is \
      not in the key ring.
      Bring the key ring back; or keep the file as evidence, and go on without what it claims: \
      mv '\(source)' '\(source).doubted'
      """
    case .differs(let source, let size, let known, let copied):
      """
      Nothing was done: of the first \(size) entries \(source) knows the root \(known.hex), the \
      copy has \(copied.hex). One of the two was altered.
      Keep both as evidence, and restore another backup: `stele restore FOLDER`
      """
    }
  }
}
