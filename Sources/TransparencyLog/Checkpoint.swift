import CanonicalJSON

/// How long a log was, and what its root was then: what the log signs and witnesses cosign.
///
///     ledger.example/prod
///     7
///     3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=
///
/// Three lines; extension lines are neither written nor accepted, since not every cosignature
/// covers them.
///
/// Source: c2sp.org/tlog-checkpoint v1.0.0.
package struct Checkpoint: Hashable, Sendable {
  /// 1...255 bytes, without spaces and `+`; equal to the name of the log's key.
  package let origin: String
  /// Leaves, at most 2⁴⁰.
  package let size: Int
  package let root: Digest

  /// - Throws: ``NoteError/name(_:)``.
  package init(origin: String, size: Int, root: Digest) throws(NoteError) {
    precondition((0...Tree.sizeMax).contains(size), "a tree has at most 2^40 leaves: \(size)")
    guard NoteName.isValid(origin) else { throw .name(origin) }
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// Reads ``text``.
  ///
  /// - Throws: ``NoteError/checkpointLine(line:)``.
  package init(parsing text: String) throws(NoteError) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let origin = lines.first, NoteName.isValid(String(origin)) else {
      throw .checkpointLine(line: 1)
    }
    guard lines.count > 1, let size = Decimal.value(of: lines[1], max: Tree.sizeMax) else {
      throw .checkpointLine(line: 2)
    }
    guard lines.count > 3, let root = Base64.decode(String(lines[2])), root.count == 32 else {
      throw .checkpointLine(line: 3)
    }
    guard lines.count == 4, lines[3].isEmpty else { throw .checkpointLine(line: 4) }
    try self.init(origin: String(origin), size: size, root: Digest(bytes: root))
  }

  package var text: String { "\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n" }
}
