import Foundation

/// The lock that makes one writer at a time, across processes: `flock` on `lock` in the directory.
///
/// Held for one transaction, from before BEGIN IMMEDIATE until the anchor is written, never for a
/// command. The kernel drops it when its holder dies, so it is never stale. Whoever finds others
/// waiting goes after them (``WriterQueue``), so each of eight writers waits for seven transactions
/// at most; one who is next and does not come, because somebody has stopped his process, is passed
/// over after a second, and from then on. Locking is worth nothing when the file was replaced
/// meanwhile: device and inode are compared after each locking, those of the lock file and of the
/// database.
final class WriterLock {
  private static let pauseMicroseconds = 200

  private let lock: FileDescriptor
  private let queue: WriterQueue
  private let lockIdentity: FileIdentity
  private let database: FileIdentity?
  private let databasePath: String
  private let patienceMilliseconds: Int
  /// The last ticket whose holder let his turn pass; those up to it are not waited for.
  private var passedOver = -1

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
    var wait = Wait(patience: Patience(milliseconds: patienceMilliseconds))
    do throws(LedgerError) {
      while true {
        let ahead = try ahead(&wait)
        if ahead == 0, try lock.tryLock() { return wait.ticket }
        if wait.patience.isOver {
          throw LedgerError.writerBusy(path: lock.path, milliseconds: patienceMilliseconds)
        }
        usleep(UInt32(Self.pauseMicroseconds * min(max(1, ahead), 20)))
      }
    } catch {
      if let ticket = wait.ticket { queue.leave(ticket) }
      throw error
    }
  }

  /// At most how many go before: 0 when it is this one's turn.
  private func ahead(_ wait: inout Wait) throws(LedgerError) -> Int {
    if wait.ticket == nil { wait.ticket = try queue.draw() }
    // Somebody else draws one; who never comes to its end is not waited for either.
    guard let ticket = wait.ticket else { return wait.isOver(turnOf: nil) ? 0 : 1 }
    guard let first = try queue.first(after: passedOver, before: ticket) else { return 0 }
    if wait.isOver(turnOf: first) { passedOver = first }
    return ticket - first
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

/// One writer's wait for its turn.
private struct Wait {
  /// Who is next takes the lock within a pause, and a transaction takes milliseconds.
  private static let turnMilliseconds = 1_000

  let patience: Patience
  var ticket: Int?
  /// Whom it waits for; nobody while somebody else draws a ticket.
  private var next: Int?
  private var turn = Patience(milliseconds: Self.turnMilliseconds)

  init(patience: Patience) { self.patience = patience }

  /// Whether whoever is next has had time enough to come.
  mutating func isOver(turnOf ticket: Int?) -> Bool {
    if next != ticket { (next, turn) = (ticket, Patience(milliseconds: Self.turnMilliseconds)) }
    return turn.isOver
  }
}
