import CLinux
import Glibc

/// Processes whose parents ended before them. An agent adopts those its replicas leave behind, so
/// that they can be reaped and do not fill the process table.
enum Orphans {
  /// From now on what our descendants leave behind becomes ours.
  static func adopt() {
    _ = clinux_adopt_orphans()
  }

  /// Reaps adopted children that have ended: those that we did not start, of another session than
  /// ours, which other parts of this program did not start either.
  static func reap() {
    let own = getpid()
    let session = getsid(0)
    Children.whileTheyStay { isChild in
      for pid in ProcessTable.pids where !isChild(pid) {
        guard let status = ProcessStatus(of: pid), status.parent == own, status.hasEnded,
          status.session != session
        else { continue }
        waitpid(pid, nil, WNOHANG)
      }
    }
  }
}
