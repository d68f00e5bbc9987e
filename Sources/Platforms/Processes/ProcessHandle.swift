import CLinux
import Glibc

/// A hold on one process, which stays a hold on that one when its number is given away again.
final class ProcessHandle: Sendable {
  let identity: ProcessIdentity
  /// Readable when the process has ended.
  let descriptor: Descriptor

  /// - Returns: nil when this very process is not there any more.
  init?(_ identity: ProcessIdentity) {
    let number = clinux_process_descriptor(identity.pid)
    guard number >= 0 else { return nil }
    // The order matters: a process that has this start time now is the one the descriptor holds,
    // because the number cannot have been given away between the two and back again.
    descriptor = Descriptor(owning: number)
    self.identity = identity
    guard ProcessStatus(of: identity.pid)?.startTicks == identity.startTicks else { return nil }
  }

  /// Does nothing when the process has ended.
  func signal(_ number: Int32) {
    _ = clinux_signal(descriptor.number, number)
  }
}
