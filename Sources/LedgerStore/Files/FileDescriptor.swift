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
    var waitedMicroseconds = 0
    while flock(raw, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw failure("flock") }
      guard waitedMicroseconds < 1_000 * patienceMilliseconds else {
        throw LedgerError.writerBusy(path: path, milliseconds: patienceMilliseconds)
      }
      let pause = min(5_000, 50 + waitedMicroseconds / 4)
      usleep(UInt32(pause))
      waitedMicroseconds += pause
    }
  }

  func unlock() { flock(raw, LOCK_UN) }

  private func failure(_ operation: String) -> LedgerError {
    LedgerError.system(operation: operation, path: path, errno: errno)
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
