import Foundation

/// A private key of age in a file that only its owner can read. The program age reads it, and asks
/// nothing of its mode.
enum IdentityFile {
  /// A link is what it leads to.
  ///
  /// - Throws: ``SecretError/identityFile(path:_:)``.
  static func check(_ path: String) throws(SecretError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .identityFile(path: path, String(cString: strerror(errno)))
    }
    if let complaint = status.complaintAboutReaders {
      throw .identityFile(path: path, complaint)
    }
  }
}
