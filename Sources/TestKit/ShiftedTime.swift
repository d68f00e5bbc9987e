import Events
import LedgerStore
import Synchronization

/// The machine's clock, put forward by a test.
package final class ShiftedTime: TimeSource {
  private let shift = Mutex(0)

  package init() {}

  package func now() -> Timestamp { SystemTime().now().adding(milliseconds: shift.withLock { $0 }) }
  package func advance(milliseconds: Int) { shift.withLock { $0 += milliseconds } }
}
