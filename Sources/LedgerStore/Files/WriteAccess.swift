import Foundation

/// Whether this user can write what is at a path, found out without changing it.
package enum WriteAccess {
  /// What the system would say: EACCES, EROFS, EPERM; nil where it can be read and written, and
  /// where nothing is there. A directory can be written when names can be made in it.
  package static func obstacle(_ path: String) -> Int32? {
    var status = stat()
    guard stat(path, &status) == 0 else { return errno == ENOENT ? nil : errno }
    let isDirectory = status.st_mode & S_IFMT == S_IFDIR
    let rights = R_OK | W_OK | (isDirectory ? X_OK : 0)
    // As the effective user, like every other access; access(2) would ask for the real one.
    return faccessat(AT_FDCWD, path, rights, AT_EACCESS) == 0 ? nil : errno
  }
}
