import CLinux
import Glibc

/// What the kernel says of its clock.
package enum KernelClock {
  /// Whether something keeps it right, by adjtimex(2); nil when the kernel does not say.
  package static var isSynchronized: Bool? {
    switch clinux_clock_is_unsynchronized() {
    case 0: true
    case 1: false
    default: nil
    }
  }

  /// Milliseconds since the machine started, its sleep included: the same in every process, and
  /// never set; CLOCK_BOOTTIME of clock_gettime(2).
  static var sinceBootMs: Int64 {
    var time = timespec()
    let code = clock_gettime(CLOCK_BOOTTIME, &time)
    precondition(code == 0, "clock_gettime said \(code)")
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}
