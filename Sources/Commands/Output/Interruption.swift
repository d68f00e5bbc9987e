import Dispatch
import Foundation
import Operations
import Synchronization

/// What happens when a person types Ctrl-C, or somebody ends the process with SIGTERM, while it
/// drives a rollout.
///
/// Nothing is undone: the process ends as at a crash, which the ledger is made for, but says so.
enum Interruption {
  private static let sources = Mutex<[any DispatchSourceSignal]>([])

  /// From now on the process says `words` when it is interrupted, and exits with 130.
  @Sendable static func sayThenExit(_ words: @escaping @Sendable () -> String) {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        DescriptorSink(descriptor: 2).write("\n" + words())
        exit(ExitStatus.interrupted.rawValue)
      }
      source.resume()
      sources.withLock { $0.append(source) }
    }
  }
}
