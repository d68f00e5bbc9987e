import Glibc

/// A private key on disk: PKCS#8 PEM in a file that only its owner can read.
package enum KeyFile {
  /// - Parameter path: A regular file of this user, mode 0600, at most 16 KiB; not a link.
  /// - Throws: ``KeyFileError``, before a byte is read unless all of that holds.
  package static func read(_ path: String) throws(KeyFileError) -> SigningKey {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { throw .cannotRead(path: path, errno: errno) }
    defer { close(file) }
    try checkOwnership(of: file, path: path)
    var pem = try contents(of: file, path: path)
    defer { wipe(&pem) }
    do { return try SigningKey(pem: pem) } catch { throw .notAKey(path: path, error) }
  }

  /// Creates `path`, which must not exist, with mode 0600 whatever the umask.
  ///
  /// Synced, and its directory too, before this returns. When it throws there is no such file, or
  /// there was one before. A crash in between may leave an incomplete file, which
  /// ``read(_:)`` refuses.
  package static func write(_ key: SigningKey, to path: String) throws(KeyFileError) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else {
      throw errno == EEXIST ? .exists(path: path) : .cannotWrite(path: path, errno: errno)
    }
    defer { close(file) }
    var pem = Array(key.pem.utf8)
    defer { wipe(&pem) }
    guard fchmod(file, 0o600) == 0, writeAll(pem, to: file), fsync(file) == 0,
      syncDirectory(of: path)
    else {
      let reason = errno
      unlink(path)
      throw .cannotWrite(path: path, errno: reason)
    }
  }

  private static let byteCountMax = 16_384

  private static func checkOwnership(of file: Int32, path: String) throws(KeyFileError) {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .cannotRead(path: path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    guard status.st_uid == geteuid() else {
      throw .foreign(path: path, owner: status.st_uid, user: geteuid())
    }
    let mode = status.st_mode & 0o7777
    guard mode == 0o600 else { throw .exposed(path: path, mode: mode) }
    guard status.st_size <= byteCountMax else {
      throw .tooLarge(path: path, byteCount: Int(status.st_size))
    }
  }

  private static func contents(of file: Int32, path: String) throws(KeyFileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCountMax)
    var count = 0
    while count < bytes.count {
      let capacity = bytes.count - count
      let step = bytes.withUnsafeMutableBytes {
        Glibc.read(file, $0.baseAddress?.advanced(by: count), capacity)
      }
      if step == 0 { break }
      if step > 0 {
        count += step
      } else if errno != EINTR {
        throw .cannotRead(path: path, errno: errno)
      }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let step = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if step < 0, errno != EINTR { return false }
      rest = rest.dropFirst(max(step, 0))
    }
    return true
  }

  /// A name is durable only when its directory is.
  private static func syncDirectory(of path: String) -> Bool {
    let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let directory = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { return false }
    defer { close(directory) }
    return fsync(directory) == 0
  }
}
