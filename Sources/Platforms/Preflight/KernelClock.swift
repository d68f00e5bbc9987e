import CLinux

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
}
