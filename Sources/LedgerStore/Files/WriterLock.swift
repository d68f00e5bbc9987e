import Foundation

/// The lock that makes one writer at a time, across processes: `flock` on `lock` in the directory.
///
/// Held for one transaction, from before BEGIN IMMEDIATE until the anchor is written, never for a
/// command. The kernel drops it when its holder dies, so it is never stale. Whoever finds others
/// waiting goes after them (``WriterQueue``), so each of eight writers waits for seven transactions
/// at most. Locking is worth nothing when the file was replaced meanwhile: device and inode are
/// compared after each locking, those of the lock file and of the database.
final class WriterLock {
  private static let pauseMicroseconds = 200

  private let lock: FileDescriptor
  private let queue: WriterQueue
  private let lockIdentity: FileIdentity
  private let database: FileIdentity?
  private let databasePath: String
  private let patienceMilliseconds: Int

  /// - Parameter patienceMilliseconds: How long another writer is waited for; a transaction takes
  ///   milliseconds.
  init(_ directory: LedgerDirectory, patienceMilliseconds: Int = 10_000) throws(LedgerError) {
    self.patienceMilliseconds = patienceMilliseconds
    lock = try FileDescriptor(directory.lock, O_RDWR | O_CREAT)
    queue = WriterQueue(file: lock)
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
    let ticket = try acquire(patienceMilliseconds ?? self.patienceMilliseconds)
    defer { release(ticket) }
    try compareIdentities()
    return try work()
  }

  /// - Returns: The ticket, where somebody was in the way.
  private func acquire(_ patienceMilliseconds: Int) throws(LedgerError) -> Int? {
    if try queue.isEmpty(), try lock.tryLock() { return nil }
    var ticket: Int?
    do throws(LedgerError) {
      var waitedMicroseconds = 0
      while waitedMicroseconds < 1_000 * patienceMilliseconds {
        if ticket == nil { ticket = try queue.draw() }
        let ahead = try ticket.map { number throws(LedgerError) in try queue.ahead(of: number) }
        if ahead == 0, try lock.tryLock() { return ticket }
        let pause = Self.pauseMicroseconds * min(max(1, ahead ?? 1), 20)
        usleep(UInt32(pause))
        waitedMicroseconds += pause
      }
      throw LedgerError.writerBusy(path: lock.path, milliseconds: patienceMilliseconds)
    } catch {
      if let ticket { queue.leave(ticket) }
      throw error
    }
  }

  private func release(_ ticket: Int?) {
    lock.unlock()
    if let ticket { queue.leave(ticket) }
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
