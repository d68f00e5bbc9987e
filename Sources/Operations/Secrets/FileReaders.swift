import Foundation

extension stat {
  /// Why others may read a file, as a clause; nil where its owner alone can, and where it is none
  /// but a pipe or a terminal.
  var complaintAboutReaders: String? {
    guard st_mode & S_IFMT == S_IFREG, st_uid != geteuid() || st_mode & 0o077 != 0 else {
      return nil
    }
    return "it has mode 0" + String(st_mode & 0o7777, radix: 8) + " or is another's"
  }
}
