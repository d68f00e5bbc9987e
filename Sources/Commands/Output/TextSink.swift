import Foundation

/// Where text goes.
package protocol TextSink: Sendable {
  func write(_ text: String)
}

/// Writes to a file descriptor, whole texts at a time, unbuffered.
///
/// A reader that went away (`stele log | head`) ends the writing, not the process with a trap: what
/// cannot be written is dropped, because nobody is there to tell.
package struct DescriptorSink: TextSink {
  private let descriptor: Int32

  package init(descriptor: Int32) { self.descriptor = descriptor }

  package func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
