import Dispatch
import Foundation
import Operations
import Synchronization

/// What happens when a person types Ctrl-C, or somebody ends the process with SIGTERM, while it
/// drives a rollout.
///
/// Nothing is undone: the process ends as at a crash, which the ledger is made for, but says so.
enum Interruption {
  /// What is said; nil until the signals are listened to.
  private static let words = Mutex<(@Sendable () -> String)?>(nil)

  /// From now on the process says `words` when it is interrupted, and exits with 130.
  @Sendable static func sayThenExit(_ words: @escaping @Sendable () -> String) {
    let isListening = self.words.withLock { current in
      defer { current = words }
      return current != nil
    }
    if !isListening { listen() }
  }

  private static func listen() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [source] in  // Which so lives as long as the process.
        _ = source
        let words = words.withLock(\.self)
        DescriptorSink(descriptor: 2).write("\n" + (words?() ?? ""))
        // At once: what `exit` cleans up first, such as libcrypto, other threads still work with.
        _exit(ExitStatus.interrupted.rawValue)
      }
      source.resume()
    }
  }
}
