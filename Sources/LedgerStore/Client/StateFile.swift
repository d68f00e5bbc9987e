import Foundation

/// A small text that is replaced as a whole: its readers see the old one or the new one.
package struct StateFile {
  private let path: String

  package init(_ path: String) { self.path = path }

  /// Nil when there is none.
  ///
  /// - Throws: ``LedgerError/system(operation:path:errno:)``: there is one and it cannot be read,
  ///   which is not the same.
  package func text() throws(LedgerError) -> String? {
    let file: FileDescriptor
    do throws(LedgerError) { file = try FileDescriptor(path, O_RDONLY) } catch {
      guard case .system(_, _, ENOENT) = error else { throw error }
      return nil
    }
    return String(decoding: try file.readWhole(), as: UTF8.self)
  }

  /// Commit point: the rename. A crash before it leaves the old text, and a file beside it that the
  /// next replacement overwrites.
  package func replace(with text: String) throws {
    let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try LedgerDirectory.makePath(directory)
    let draft = path + ".new"
    let file = try FileDescriptor(draft, O_RDWR | O_CREAT | O_TRUNC)
    try file.write(Array(text.utf8), at: 0)
    try file.sync()
    guard rename(draft, path) == 0 else {
      throw LedgerError.system(operation: "rename", path: path, errno: errno)
    }
    try LedgerDirectory(directory).sync()
  }
}
