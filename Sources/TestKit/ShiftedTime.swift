import Events
import LedgerStore
import Synchronization

/// The machine's clock, put forward or stopped by a test.
package final class ShiftedTime: TimeSource {
  private struct State {
    var shift = 0
    var stopped: Timestamp?
  }

  private let state = Mutex(State())

  package init() {}

  package func now() -> Timestamp {
    state.withLock { ($0.stopped ?? SystemTime().now()).adding(milliseconds: $0.shift) }
  }

  package func advance(milliseconds: Int) { state.withLock { $0.shift += milliseconds } }

  /// From now on only ``advance(milliseconds:)`` lets time pass.
  package func stop() { state.withLock { $0.stopped = SystemTime().now() } }
  package func goOn() { state.withLock { $0.stopped = nil } }
}
