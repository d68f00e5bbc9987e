import Events
import Foundation

/// Where the log's time comes from; a test's stands still.
package protocol TimeSource: Sendable {
  func now() -> Timestamp
}

/// The machine's wall clock, in microseconds.
package struct SystemTime: TimeSource {
  package init() {}

  package func now() -> Timestamp {
    var time = timespec()
    let code = clock_gettime(CLOCK_REALTIME, &time)
    precondition(code == 0, "clock_gettime said \(code)")
    let microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    // Outside 1970...9999 there is no time to tell: the nearest end stands for it.
    return Timestamp(microseconds: microseconds)
      ?? (microseconds < 0 ? Timestamp.earliest : Timestamp.latest)
  }
}
