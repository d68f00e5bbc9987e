import Foundation

/// An open file of the ledger's directory, closed on exec and on deinit.
final class FileDescriptor {
  let path: String
  let raw: Int32

  /// - Throws: ``LedgerError/system(operation:path:errno:)``.
  init(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(LedgerError) {
    self.path = path
    raw = open(path, flags | O_CLOEXEC, mode)
    guard raw >= 0 else { throw LedgerError.system(operation: "open", path: path, errno: errno) }
  }

  deinit { close(raw) }

  /// What tells this file from another that has come to its path.
  func identity() throws(LedgerError) -> FileIdentity {
    var status = stat()
    guard fstat(raw, &status) == 0 else { throw failure("fstat") }
    return FileIdentity(status)
  }

  /// Reads up to `count` bytes at `offset`; fewer at the end of the file.
  func read(_ count: Int, at offset: Int) throws(LedgerError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = pread(raw, &bytes, count, off_t(offset))
    guard got >= 0 else { throw failure("read") }
    return Array(bytes[..<got])
  }

  /// Reads it to its end.
  func readWhole() throws(LedgerError) -> [UInt8] {
    var bytes: [UInt8] = []
    while case let part = try read(65_536, at: bytes.count), !part.isEmpty { bytes += part }
    return bytes
  }

  /// Writes all of `bytes` at `offset`.
  func write(_ bytes: [UInt8], at offset: Int) throws(LedgerError) {
    let put = pwrite(raw, bytes, bytes.count, off_t(offset))
    guard put == bytes.count else { throw failure("write") }
  }

  /// - Throws: ``LedgerError/syncFailed(path:errno:)``: what was written may be lost.
  func sync() throws(LedgerError) {
    guard fdatasync(raw) == 0 else { throw LedgerError.syncFailed(path: path, errno: errno) }
  }

  func byteCount() throws(LedgerError) -> Int {
    var status = stat()
    guard fstat(raw, &status) == 0 else { throw failure("fstat") }
    return Int(status.st_size)
  }

  func truncate(to byteCount: Int) throws(LedgerError) {
    guard ftruncate(raw, off_t(byteCount)) == 0 else { throw failure("ftruncate") }
  }

  /// Takes the file's `flock`, which the kernel drops when its holder dies.
  ///
  /// - Throws: ``LedgerError/writerBusy(path:milliseconds:)`` when another has it for so long.
  func lock(patienceMilliseconds: Int) throws(LedgerError) {
    let patience = Patience(milliseconds: patienceMilliseconds)
    var pauseMicroseconds: UInt32 = 50
    while try !tryLock() {
      guard !patience.isOver else {
        throw LedgerError.writerBusy(path: path, milliseconds: patienceMilliseconds)
      }
      usleep(pauseMicroseconds)
      pauseMicroseconds = min(5_000, pauseMicroseconds + pauseMicroseconds / 4)
    }
  }

  /// Takes the file's `flock`; false when another has it.
  func tryLock() throws(LedgerError) -> Bool {
    guard flock(raw, LOCK_EX | LOCK_NB) != 0 else { return true }
    guard errno == EWOULDBLOCK || errno == EINTR else { throw failure("flock") }
    return false
  }

  func unlock() { flock(raw, LOCK_UN) }

  fileprivate func failure(_ operation: String) -> LedgerError {
    LedgerError.system(operation: operation, path: path, errno: errno)
  }
}

/// Locks on single bytes, which need not exist. They belong to this descriptor, not to the process,
/// and the kernel drops them with it.
extension FileDescriptor {
  // F_OFD_GETLK and F_OFD_SETLK of <linux/fcntl.h>, which Swift's Glibc does not show.
  private static let getLock: Int32 = 36
  private static let setLock: Int32 = 37

  /// False when another descriptor has one of the bytes.
  func lockBytes(at offset: Int, count: Int) throws(LedgerError) -> Bool {
    var range = Self.range(F_WRLCK, offset, count)
    guard fcntl(raw, Self.setLock, &range) != 0 else { return true }
    guard errno == EAGAIN || errno == EACCES || errno == EINTR else { throw failure("fcntl") }
    return false
  }

  func unlockBytes(at offset: Int, count: Int) {
    var range = Self.range(F_UNLCK, offset, count)
    _ = fcntl(raw, Self.setLock, &range)
  }

  /// A byte that another descriptor has locked, as a rule the one locked first.
  ///
  /// - Parameter count: Of bytes to ask for; nil for all that follow.
  func firstLocked(from offset: Int, count: Int?) throws(LedgerError) -> Int? {
    var range = Self.range(F_WRLCK, offset, count ?? 0)
    guard fcntl(raw, Self.getLock, &range) == 0 else { throw failure("fcntl") }
    return Int32(range.l_type) == F_UNLCK ? nil : Int(range.l_start)
  }

  private static func range(_ type: Int32, _ offset: Int, _ count: Int) -> flock {
    var range = flock()
    range.l_type = Int16(type)
    range.l_whence = Int16(SEEK_SET)
    range.l_start = off_t(offset)
    range.l_len = off_t(count)
    return range
  }
}

/// Device and inode: a path may change its file, a file does not change these.
struct FileIdentity: Hashable {
  let device: UInt64
  let inode: UInt64

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }

  /// Of what is at `path` now, or nil when nothing is.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }
}
