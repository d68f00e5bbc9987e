import Cryptography
import Foundation
import SecretStore

/// A passphrase in a file that only its owner can read, or from a descriptor: `/dev/fd/3`.
package enum PassphraseFile {
  /// - Returns: Its first line.
  /// - Throws: ``SecretError/passphraseFile(path:_:)``.
  package static func read(_ path: String) throws(SecretError) -> SecretBytes {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .passphraseFile(path: path, String(cString: strerror(errno))) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else {
      throw .passphraseFile(path: path, String(cString: strerror(errno)))
    }
    if let complaint = status.complaintAboutReaders {
      throw .passphraseFile(path: path, complaint)
    }
    return firstLine(of: file)
  }

  private static func firstLine(of file: Int32) -> SecretBytes {
    let limit = SecretLimits.passphraseBytes.upperBound + 1
    return SecretBytes(
      [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        count = 0
        while count < limit, Foundation.read(file, buffer.baseAddress.map { $0 + count }, 1) == 1,
          buffer[count] != UInt8(ascii: "\n")
        { count += 1 }
      })
  }
}
