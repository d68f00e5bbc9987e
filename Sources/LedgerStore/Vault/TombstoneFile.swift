import Events
import Foundation

/// Who was erased, kept outside the ledger's directory: a restored copy of the vault learns of it
/// before anything is read.
///
/// A line a person, `<UUIDv7> <time>`, only ever appended.
struct TombstoneFile {
  let path: String

  /// Nobody when the file does not exist yet.
  ///
  /// - Throws: ``LedgerError/rowDamaged(position:detail:)`` never; a line that is torn by a crash
  ///   is one whose erasure did not get past its first step.
  func subjects() throws(LedgerError) -> Set<SubjectID> {
    guard FileIdentity(path: path) != nil else { return [] }
    let file = try FileDescriptor(path, O_RDONLY)
    var bytes: [UInt8] = []
    while case let part = try file.read(65_536, at: bytes.count), !part.isEmpty { bytes += part }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    return Set(lines.compactMap { try? SubjectID(parsing: String($0.prefix(36))) })
  }

  /// Durable when it returns.
  func add(_ subject: SubjectID, at time: Timestamp) throws(LedgerError) {
    let file = try FileDescriptor(path, O_RDWR | O_CREAT)
    let end = lseek(file.raw, 0, SEEK_END)
    try file.write(Array("\(subject) \(time)\n".utf8), at: Int(end))
    try file.sync()
  }
}
