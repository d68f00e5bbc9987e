import Foundation
import Synchronization

/// Where text goes.
package protocol TextSink: Sendable {
  func write(_ text: String)
  /// The `errno` with which the first text was lost to a reader who still wanted it; nil while
  /// everything was written.
  var failure: Int32? { get }
  /// Whether the reader went away: nothing that is written arrives any more.
  var isUnread: Bool { get }
}

extension TextSink {
  package var failure: Int32? { nil }
  package var isUnread: Bool { false }
}

/// Writes to a file descriptor, whole texts at a time, unbuffered.
///
/// A reader that went away (`stele log | head`) ends the writing, not the process with a trap: what
/// cannot be written is dropped, because nobody is there to tell. Any other failure is kept.
package final class DescriptorSink: TextSink {
  private let descriptor: Int32
  private let lost = Mutex<Int32?>(nil)
  private let unread = Mutex(false)

  package init(descriptor: Int32) { self.descriptor = descriptor }

  package var failure: Int32? { lost.withLock(\.self) }
  package var isUnread: Bool { unread.withLock(\.self) }

  package func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        let code = errno
        if code == EPIPE {
          unread.withLock { $0 = true }
        } else {
          lost.withLock { $0 = $0 ?? code }
        }
        return
      }
      bytes = bytes.dropFirst(written)
    }
  }
}
