import Events
import Foundation

/// Who was erased, kept outside the ledger's directory: a restored copy of the vault learns of it
/// before anything is read.
///
/// A line a person, `<UUIDv7> <time>`, only ever appended. A last line that is cut short is what a
/// crash has left of an erasure that did not get past its first step: nobody waits for it, and the
/// next one is written over it. One that is whole but for its end counts.
struct TombstoneFile {
  let path: String

  /// Nobody when the file does not exist yet.
  ///
  /// - Throws: ``LedgerError/tombstoneInvalid(path:line:)``: somebody may be erased, and it cannot
  ///   be read who.
  func subjects() throws(LedgerError) -> Set<SubjectID> {
    guard FileIdentity(path: path) != nil else { return [] }
    var subjects: Set<SubjectID> = []
    let text = try FileDescriptor(path, O_RDONLY).readWhole()
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if let subject = Self.subject(line) {
        subjects.insert(subject)
      } else if index < lines.count - 1 {
        throw LedgerError.tombstoneInvalid(path: path, line: index + 1)
      }
    }
    return subjects
  }

  private static func subject(_ line: ArraySlice<UInt8>) -> SubjectID? {
    let words = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 1)
    guard words.count == 2, (try? Timestamp(parsing: String(words[1]))) != nil else { return nil }
    return try? SubjectID(parsing: String(words[0]))
  }

  /// Durable when it returns; so is the file's name.
  func add(_ subject: SubjectID, at time: Timestamp) throws(LedgerError) {
    let isNew = FileIdentity(path: path) == nil
    let file = try FileDescriptor(path, O_RDWR | O_CREAT)
    let text = try file.readWhole()
    let start = text.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let isWhole = Self.subject(text[start...]) != nil
    let end = isWhole ? text.count : start
    try file.truncate(to: end)
    try file.write(Array("\(isWhole ? "\n" : "")\(subject) \(time)\n".utf8), at: end)
    try file.sync()
    if isNew {
      try LedgerDirectory(URL(fileURLWithPath: path).deletingLastPathComponent().path).sync()
    }
  }
}
