import CanonicalJSON
import Cryptography

/// Everything that happened in one history, as a digest and its last lines.
///
/// Two runs of one seed have equal digests: that is what makes a seed worth printing.
package final class Trace {
  private static let linesKept = 1_000

  /// Chained: SHA-256 of the digest so far and the next line.
  package private(set) var digest = Digest(bytes: [UInt8](repeating: 0, count: 32))
  package private(set) var count = 0
  private var last: [String] = []

  package init() {}

  func note(_ line: String) {
    digest = Digest(bytes: SHA256.hash(digest.bytes + Array(line.utf8)))
    count += 1
    if last.count == 2 * Self.linesKept { last.removeFirst(Self.linesKept) }
    last.append(line)
  }

  /// The newest lines, oldest first.
  package var tail: [String] { last.suffix(Self.linesKept) }
}
