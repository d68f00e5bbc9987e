import CLinux
import Glibc

/// Processes whose parents ended before them. An agent adopts those its replicas leave behind, so
/// that they can be reaped and do not fill the process table.
enum Orphans {
  /// From now on what our descendants leave behind becomes ours.
  static func adopt() {
    _ = clinux_adopt_orphans()
  }

  /// Reaps adopted children that have ended: those of another session than ours, which nobody here
  /// started by themselves. The replicas themselves, `known`, are left to whoever waits for them.
  static func reap(except known: Set<Int32>) {
    let own = getpid()
    let session = getsid(0)
    for pid in ProcessTable.pids where !known.contains(pid) {
      guard let status = ProcessStatus(of: pid), status.parent == own, status.hasEnded,
        status.session != session
      else { continue }
      ExitStatus.reap(pid)
    }
  }
}
