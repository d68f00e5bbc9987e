import Events
import LedgerStore
import Projections

/// The store's index of streams held against what was read: versions are given by it, and entries
/// found, and whoever can write the file can alter it.
extension LedgerReader {
  /// The version of a stream's newest event.
  ///
  /// - Parameters:
  ///   - read: The same by the first `size` entries, as they were read and proven.
  /// - Throws: `LedgerError.streamDiffers` for an index that has another version than those, or one
  ///   that no entry after them has.
  func version(of stream: StreamName, asRead read: Int, inSize size: Int) throws -> Int {
    guard let newest = try newest(of: stream) else {
      guard read == 0 else { throw differing(stream, indexed: 0, read: read) }
      return 0
    }
    let isKnown = newest.position < size
    guard isKnown ? newest.version == read : try holds(stream, newest) && newest.version > read
    else { throw differing(stream, indexed: newest.version, read: read) }
    return newest.version
  }

  /// Whether the entry is there, and goes on with the stream up to that version.
  private func holds(
    _ stream: StreamName, _ newest: (version: Int, position: Int)
  ) throws -> Bool {
    guard try newest.position < head().size else { return false }
    return try entry(at: newest.position).runs(of: stream).last?.lastVersion == newest.version
  }

  /// All entries of a stream among the first `size`, oldest first.
  ///
  /// - Throws: `LedgerError.streamDiffers` where they are fewer, or others, than its version says.
  func entries(of stream: StreamName, inSize size: Int = .max) throws -> [StoredEntry] {
    let version = try version(of: stream, inSize: size)
    let entries = try positions(matching: EntryFilter(stream: stream)).filter { $0 < size }
      .map { try entry(at: $0) }
    let found = try entries.reduce(0) { try $1.runs(of: stream).reduce($0) { $0 + $1.count } }
    guard found == version else { throw differing(stream, indexed: version, read: found) }
    return entries
  }

  private func differing(_ stream: StreamName, indexed: Int, read: Int) -> LedgerError {
    .streamDiffers(stream: stream, indexed: indexed, read: read)
  }
}

extension Streams {
  /// - Parameter earlier: What was compared before, and is not again where it is the same.
  /// - Throws: `LedgerError.streamDiffers` for one of which the index has another version.
  func compare(with reader: LedgerReader, inSize size: Int, after earlier: Streams) throws {
    for (stream, version) in all where earlier.version(of: stream) != version {
      let indexed = try reader.version(of: stream, inSize: size)
      guard indexed == version else {
        throw LedgerError.streamDiffers(stream: stream, indexed: indexed, read: version)
      }
      _ = try reader.version(of: stream, asRead: version, inSize: size)
    }
  }
}

extension StoredEntry {
  /// What its header has of a stream.
  fileprivate func runs(of stream: StreamName) throws -> [EventRun] {
    do { return try EntryHeader(parsing: header).events.filter { $0.stream == stream } } catch {
      throw LedgerError.rowDamaged(position: position, detail: error.clause)
    }
  }
}
