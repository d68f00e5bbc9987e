import Glibc

/// A lock that only one process of the machine holds, until it lets go or ends. The file stays: a
/// lock file that is removed can be held twice. In it is the holder's process number, for people.
final class FileLock: Sendable {
  private let file: Descriptor

  private init(_ file: Descriptor) {
    self.file = file
  }

  /// Whether a living process holds it; nothing is written for the look.
  static func isHeld(_ path: String) -> Bool {
    guard let file = try? Descriptor.open(path, O_RDONLY) else { return false }
    return flock(file.number, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// - Returns: nil when someone else holds it.
  static func take(_ path: String) throws(SystemError) -> FileLock? {
    let file = try Descriptor.open(path, O_RDWR | O_CREAT)
    guard flock(file.number, LOCK_EX | LOCK_NB) != 0 else {
      let holder = Array("\(getpid())\n".utf8)
      ftruncate(file.number, 0)
      pwrite(file.number, holder, holder.count, 0)
      return FileLock(file)
    }
    guard errno == EWOULDBLOCK else { throw .last }
    return nil
  }
}
