import Glibc
import Rollouts

/// How a child ended, from the kernel.
enum ExitStatus {
  /// Looks at a child that has ended without reaping it: its number stays taken.
  ///
  /// - Returns: nil when it has not ended or is no child.
  static func peek(_ pid: Int32) -> ReplicaExit? {
    var information = siginfo_t()
    let answer = waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT)
    guard answer == 0, information._sifields._sigchld.si_pid == pid else { return nil }
    let value = Int(information._sifields._sigchld.si_status)
    return information.si_code == CLD_EXITED ? .status(value) : .signal(value)
  }

  /// Lets go of a child that has ended.
  static func reap(_ pid: Int32) {
    waitpid(pid, nil, WNOHANG)
    Children.remove(pid)
  }

  /// Waits at most `limit` for a child that was just killed, and lets go of it.
  static func await(_ pid: Int32, limit: Duration = .seconds(30)) async {
    let giveUp = ContinuousClock.now + limit
    while isChild(pid), peek(pid) == nil, ContinuousClock.now < giveUp {
      try? await ContinuousClock().sleep(for: .milliseconds(10))
    }
    reap(pid)
  }

  /// Whether it is a child that nobody has reaped, ended or not.
  private static func isChild(_ pid: Int32) -> Bool {
    var information = siginfo_t()
    return waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0
  }
}
