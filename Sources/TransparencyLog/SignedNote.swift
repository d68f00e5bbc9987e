import CanonicalJSON

/// A text and the signatures under it.
///
///     ledger.example/prod
///     7
///     3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=
///
///     — ledger.example/prod d7gMHbuNF1d5kmvNkUnXczuXJQ7ThYe6I2Lasc62tlEp8V7lX3p2oht0HkOHTrqlO4id8D7MWG/YPnRTu8131y47wQM=
///
/// Source: c2sp.org/signed-note v1.0.0.
package struct SignedNote: Hashable, Sendable {
  package static let byteCountMax = 1_000_000
  package static let signatureCountMax = 100

  /// Ends in a line feed; what is signed.
  package let text: String
  package private(set) var signatures: [NoteSignature]

  /// - Precondition: `text` ends in a line feed and has no other control characters.
  package init(text: String, signatures: [NoteSignature]) {
    precondition(SignedNote.isText(text), "not the text of a note: \(text.debugDescription)")
    self.text = text
    self.signatures = signatures
  }

  /// Reads what ``serialized`` writes; the text ends at the last blank line.
  ///
  /// - Throws: ``NoteError``.
  package init(parsing bytes: [UInt8]) throws(NoteError) {
    guard bytes.count <= SignedNote.byteCountMax else {
      throw .tooLarge(byteCount: bytes.count)
    }
    guard let note = String(validating: bytes, as: UTF8.self) else { throw .characters }
    try self.init(parsing: note)
  }

  package init(parsing note: String) throws(NoteError) {
    guard note.utf8.count <= SignedNote.byteCountMax else {
      throw .tooLarge(byteCount: note.utf8.count)
    }
    guard SignedNote.isClean(note) else { throw .characters }
    let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
    // The last blank line; the piece after the final line feed is empty too, and no line.
    guard let blank = lines.dropLast().lastIndex(of: ""), blank > 0,
      lines[(blank + 1)...] != [""]
    else { throw .unsigned }
    guard lines.last == "" else { throw .signatureLine(line: lines.count) }
    let count = lines.count - blank - 2
    guard count <= SignedNote.signatureCountMax else { throw .tooManySignatures(count: count) }
    text = lines[..<blank].joined(separator: "\n") + "\n"
    signatures = []
    for index in blank + 1..<lines.count - 1 {
      guard let signature = NoteSignature(line: lines[index]) else {
        throw .signatureLine(line: index + 1)
      }
      signatures.append(signature)
    }
  }

  package var serialized: String {
    text + "\n" + signatures.map { $0.line + "\n" }.joined()
  }

  /// The signed bytes of a plain signature.
  package var message: [UInt8] { Array(text.utf8) }

  /// Adds a signature, a witness's for example, after the others.
  package mutating func add(_ signature: NoteSignature) { signatures.append(signature) }

  private static func isText(_ text: String) -> Bool {
    text.utf8.last == UInt8(ascii: "\n") && isClean(text)
  }

  private static func isClean(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 || $0 == UInt8(ascii: "\n") }
  }
}
