import Foundation

extension LedgerDirectory {
  /// A checkpoint that stands outside the database.
  package struct Anchored: Hashable, Sendable {
    package let path: String
    /// A signed note, as it stands there.
    package let note: String
  }

  /// Where a restore puts the files that it replaces: `replaced-1`, `replaced-2`…
  static let replacedPrefix = "replaced-"

  /// What the anchor says, and those that restores have put aside; one without a valid slot says
  /// nothing.
  package func anchored() throws -> [Anchored] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let replaced = names.filter { $0.hasPrefix(Self.replacedPrefix) }.sorted()
    return try ([anchor] + replaced.map { "\(path)/\($0)/anchor" }).compactMap { file in
      try Anchor.read(file).map { Anchored(path: file, note: $0.note) }
    }
  }

  /// Reads the database without asking for its anchor: a copy has none, and what lost its anchor is
  /// still read before it is judged. The connection is closed when `work` is done.
  @discardableResult
  package func reading<Result>(_ work: (LedgerReader) throws -> Result) throws -> Result {
    try work(LedgerReader(self))
  }
}
