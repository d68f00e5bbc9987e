import Cryptography
import Foundation

/// A file of 32 random bytes, mode 0600: the vault's key, or the key of the snapshots' HMACs.
///
/// Kept outside the ledger's directory, beside the signing keys: whoever copies the directory alone
/// can neither read personal values nor forge a snapshot. The bytes stand there as they are, no
/// text; a copy on paper is `xxd -p -c 32`.
package enum SecretFile {
  package static let byteCount = 32

  /// - Throws: ``LedgerError/notFound(path:)``, ``LedgerError/notOurs(path:)``,
  ///   ``LedgerError/modeTooOpen(path:mode:)``, ``LedgerError/secretLength(path:bytes:)``.
  package static func read(_ path: String) throws(LedgerError) -> [UInt8] {
    try OwnedFile.check(path)
    let file = try FileDescriptor(path, O_RDONLY | O_NOFOLLOW)
    let bytes = try file.read(byteCount + 1, at: 0)
    guard bytes.count == byteCount else {
      throw LedgerError.secretLength(path: path, bytes: try file.byteCount())
    }
    return bytes
  }

  /// A secret of another sort.
  ///
  /// - Parameter limit: As many bytes of it at most.
  /// - Throws: As ``read(_:)``, but for the length.
  package static func contents(_ path: String, upTo limit: Int) throws(LedgerError) -> [UInt8] {
    try OwnedFile.check(path)
    return try FileDescriptor(path, O_RDONLY | O_NOFOLLOW).read(limit, at: 0)
  }

  /// A file that nobody but this user can read, whatever is in it.
  ///
  /// - Throws: As ``read(_:)``, but for the length.
  package static func check(_ path: String) throws(LedgerError) { try OwnedFile.check(path) }

  /// Makes a new secret, durable when this returns; an existing file is never replaced.
  ///
  /// - Throws: ``LedgerError/system(operation:path:errno:)``, with EEXIST when it exists.
  @discardableResult
  package static func create(
    _ path: String, random: any RandomSource
  ) throws(LedgerError) -> [UInt8] {
    let bytes = random.bytes(byteCount)
    let file = try FileDescriptor(path, O_RDWR | O_CREAT | O_EXCL)
    try file.write(bytes, at: 0)
    try file.sync()
    // A name is durable only when its directory is.
    try LedgerDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])).sync()
    return bytes
  }
}
