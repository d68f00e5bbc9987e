import Events
import LedgerStore
import Synchronization

/// A clock that stands still until a test moves it.
package final class FixedTime: TimeSource {
  private let time: Mutex<Timestamp>

  package init(_ time: Timestamp) { self.time = Mutex(time) }

  package func now() -> Timestamp { time.withLock { $0 } }

  package func set(_ now: Timestamp) { time.withLock { $0 = now } }

  package func advance(milliseconds: Int) {
    time.withLock { $0 = $0.adding(milliseconds: milliseconds) }
  }
}
