import Foundation

/// A small file that one process at a time reads and changes, beside the ledger and not part of it.
///
/// Changed in place and not synced: a crash leaves the old bytes, the new ones, or what is neither,
/// so only what can be done without belongs in it.
package struct LockedFile {
  private let file: FileDescriptor

  /// Runs `work` as the only one who has the file at `path`, which is made when it is missing, with
  /// mode 0600.
  ///
  /// - Parameter patienceMilliseconds: How long another process is waited for.
  /// - Throws: ``LedgerError/writerBusy(path:milliseconds:)``,
  ///   ``LedgerError/system(operation:path:errno:)``, and what `work` throws.
  package static func holding<Result>(
    _ path: String, patienceMilliseconds: Int = 10_000,
    _ work: (LockedFile) throws -> Result
  ) throws -> Result {
    let file = try FileDescriptor(path, O_RDWR | O_CREAT | O_NOFOLLOW)
    try file.lock(patienceMilliseconds: patienceMilliseconds)
    defer { file.unlock() }
    return try work(LockedFile(file: file))
  }

  /// Makes a new file with mode 0600; an existing one is never replaced.
  ///
  /// - Throws: ``LedgerError/system(operation:path:errno:)``, with EEXIST when it exists.
  package static func make(_ path: String, with bytes: [UInt8]) throws(LedgerError) {
    try FileDescriptor(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW).write(bytes, at: 0)
  }

  /// Empty for a new file.
  package func read() throws(LedgerError) -> [UInt8] {
    try file.read(try file.byteCount(), at: 0)
  }

  package func replace(with bytes: [UInt8]) throws(LedgerError) {
    try file.write(bytes, at: 0)
    try file.truncate(to: bytes.count)
  }
}
