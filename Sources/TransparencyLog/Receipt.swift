import CanonicalJSON

/// Everything that proves, offline, that a log holds an entry: the entry, its index, the hashes
/// up to a root, and the checkpoint that has this root.
///
///     c2sp.org/tlog-proof@v1
///     extra <Base64 of the entry's line>
///     index 4
///     <Base64 of a hash, one a line>
///
///     <the checkpoint's note>
///
/// `extra` is authenticated only through its leaf hash and the proof.
///
/// Source: C2SP tlog-proof.
package struct Receipt: Hashable, Sendable {
  package static let byteCountMax = 1_000_000

  package let extra: [UInt8]?
  /// Of the leaf, from 0.
  package let index: Int
  /// The leaf's sibling first.
  package let hashes: [Digest]
  package let note: SignedNote

  package init(extra: [UInt8]?, index: Int, hashes: [Digest], note: SignedNote) {
    self.extra = extra
    self.index = index
    self.hashes = hashes
    self.note = note
  }

  package var serialized: String {
    var lines = [Receipt.firstLine]
    if let extra { lines.append("extra \(Base64.encode(extra))") }
    lines.append("index \(index)")
    lines += hashes.map { Base64.encode($0.bytes) }
    return lines.joined(separator: "\n") + "\n\n" + note.serialized
  }

  private static let firstLine = "c2sp.org/tlog-proof@v1"
}

extension Receipt {
  /// Reads ``serialized``.
  ///
  /// - Throws: ``NoteError/receiptLine(line:)`` for the proof, others of ``NoteError`` for the
  ///   note under it, whose lines count from its own first.
  package init(parsing bytes: [UInt8]) throws(NoteError) {
    guard bytes.count <= Receipt.byteCountMax else { throw .tooLarge(byteCount: bytes.count) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .characters }
    try self.init(parsing: text)
  }

  package init(parsing text: String) throws(NoteError) {
    guard text.utf8.count <= Receipt.byteCountMax else {
      throw .tooLarge(byteCount: text.utf8.count)
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines[0] == Receipt.firstLine else { throw .receiptLine(line: 1) }
    let extra = try Receipt.extra(in: lines)
    let indexLine = extra == nil ? 1 : 2
    let index = try Receipt.index(in: lines, at: indexLine)
    guard let blank = lines[indexLine...].firstIndex(of: "") else {
      throw .receiptLine(line: lines.count)
    }
    let hashes = try Receipt.hashes(in: lines, at: indexLine + 1..<blank)
    let note = try SignedNote(parsing: lines[(blank + 1)...].joined(separator: "\n"))
    self.init(extra: extra, index: index, hashes: hashes, note: note)
  }

  private static func extra(in lines: [Substring]) throws(NoteError) -> [UInt8]? {
    guard lines.count > 1, lines[1].hasPrefix("extra ") else { return nil }
    guard let extra = Base64.decode(String(lines[1].dropFirst(6))) else {
      throw .receiptLine(line: 2)
    }
    return extra
  }

  private static func index(in lines: [Substring], at line: Int) throws(NoteError) -> Int {
    guard
      lines.count > line, lines[line].hasPrefix("index "),
      let index = Decimal.value(of: lines[line].dropFirst(6), max: Tree.sizeMax - 1)
    else { throw .receiptLine(line: line + 1) }
    return index
  }

  private static func hashes(
    in lines: [Substring], at range: Range<Int>
  ) throws(NoteError) -> [Digest] {
    var hashes: [Digest] = []
    for index in range {
      guard hashes.count < 63, let hash = Base64.decode(String(lines[index])), hash.count == 32
      else { throw .receiptLine(line: index + 1) }
      hashes.append(Digest(bytes: hash))
    }
    return hashes
  }
}

extension Receipt {
  /// The proof, for the tree that `checkpoint` speaks of.
  package func inclusionProof(under checkpoint: Checkpoint) -> InclusionProof {
    InclusionProof(leaf: index, treeSize: checkpoint.size, hashes: hashes)
  }
}
