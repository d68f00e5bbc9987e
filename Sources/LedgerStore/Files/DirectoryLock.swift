import Foundation

/// One process at a time has a directory to itself: `flock` on the directory, which leaves nothing
/// behind and is dropped by the kernel when its holder dies.
package final class DirectoryLock {
  private let directory: FileDescriptor

  /// - Throws: ``LedgerError/directoryBusy(path:)`` at once while somebody else has it;
  ///   ``LedgerError/system(operation:path:errno:)``.
  package init(_ path: String) throws(LedgerError) {
    directory = try FileDescriptor(path, O_RDONLY | O_DIRECTORY)
    // Whoever had it may have given it another name meanwhile.
    guard try directory.tryLock(), try directory.identity() == FileIdentity(path: path) else {
      throw LedgerError.directoryBusy(path: path)
    }
  }
}
