import Foundation

/// The lock that makes one writer at a time, across processes: `flock` on `lock` in the directory.
///
/// Held for one transaction, from before BEGIN IMMEDIATE until the anchor is written, never for a
/// command. The kernel drops it when its holder dies, so it is never stale. Locking is worth
/// nothing when the file was replaced meanwhile: device and inode are compared after each locking,
/// those of the lock file and of the database.
final class WriterLock {
  private let lock: FileDescriptor
  private let lockIdentity: FileIdentity
  private let database: FileIdentity?
  private let databasePath: String
  private let patienceMilliseconds: Int

  /// - Parameter patienceMilliseconds: How long another writer is waited for; a transaction takes
  ///   milliseconds.
  init(_ directory: LedgerDirectory, patienceMilliseconds: Int = 10_000) throws(LedgerError) {
    self.patienceMilliseconds = patienceMilliseconds
    lock = try FileDescriptor(directory.lock, O_RDWR | O_CREAT)
    lockIdentity = try lock.identity()
    databasePath = directory.database
    database = FileIdentity(path: directory.database)
  }

  /// Runs `work` as the only writer.
  ///
  /// - Parameter patienceMilliseconds: For this time, if not the lock's own.
  /// - Throws: ``LedgerError/writerBusy(path:milliseconds:)`` after its patience,
  ///   ``LedgerError/fileReplaced(path:)``, and what `work` throws.
  func holding<Result>(
    patienceMilliseconds: Int? = nil, _ work: () throws -> Result
  ) throws -> Result {
    try lock.lock(patienceMilliseconds: patienceMilliseconds ?? self.patienceMilliseconds)
    defer { lock.unlock() }
    try compareIdentities()
    return try work()
  }

  private func compareIdentities() throws(LedgerError) {
    guard FileIdentity(path: lock.path) == lockIdentity else {
      throw LedgerError.fileReplaced(path: lock.path)
    }
    guard FileIdentity(path: databasePath) == database else {
      throw LedgerError.fileReplaced(path: databasePath)
    }
  }
}
