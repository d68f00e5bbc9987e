import Glibc

/// Why a key file was not read or not written.
package enum KeyFileError: Error, Hashable, Sendable {
  case cannotRead(path: String, errno: Int32)
  case notAFile(path: String)
  case foreign(path: String, owner: UInt32, user: UInt32)
  /// Others can read or change it.
  case exposed(path: String, mode: UInt32)
  case tooLarge(path: String, byteCount: Int)
  case notAKey(path: String, KeyError)
  case exists(path: String)
  case cannotWrite(path: String, errno: Int32)
}

extension KeyFileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotRead(let path, ENOENT):
      """
      No key was read: \(path) does not exist. Put it back from your copy of the key ring: \
      `stele doctor` says what is there, `stele key list` which keys count.
      """
    case .cannotRead(let path, let errno):
      "No key was read: \(path): \(Self.reason(errno)). See `ls -l \(path)`."
    case .notAFile(let path):
      "No key was read: \(path) is not a regular file. See `ls -l \(path)`."
    case .foreign(let path, let owner, let user):
      """
      No key was read: \(path) belongs to user \(owner), and this is user \(user). \
      Use a key of your own, or run as its owner.
      """
    case .exposed(let path, let mode):
      """
      No key was read: \(path) has mode 0\(String(mode, radix: 8)), and a private key must have \
      0600. If nobody else has used it: `chmod 600 \(path)`.
      """
    case .tooLarge(let path, let byteCount):
      "No key was read: \(path) has \(byteCount) bytes, more than any key. \(Self.aside(path))"
    case .notAKey(let path, let error):
      "\(path): \(error) \(Self.aside(path))"
    case .exists(let path):
      "No key was written: \(path) exists already, and keys are never overwritten."
    case .cannotWrite(let path, let errno):
      "No key was written: \(path): \(Self.reason(errno))."
    }
  }

  /// What to do with a file that is no key any more.
  private static func aside(_ path: String) -> String {
    """
    If it was one of the key ring, put it back from your copy; or set it aside and see what goes \
    on without it: `mv \(path) \(path).damaged; stele doctor`.
    """
  }

  /// Whether the bytes themselves are damaged; otherwise another user or mode may read them.
  package var isDamage: Bool {
    switch self {
    case .tooLarge, .notAKey: true
    case .cannotRead, .notAFile, .foreign, .exposed, .exists, .cannotWrite: false
    }
  }

  private static func reason(_ errno: Int32) -> String { String(cString: strerror(errno)) }
}
