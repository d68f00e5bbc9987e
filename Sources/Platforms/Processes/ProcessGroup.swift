import Glibc

/// A replica's process and everything it started that has not left its group.
enum ProcessGroup {
  /// Signals the group of a child that nobody has reaped: while it is not, its number is nobody
  /// else's, and neither is its group's.
  static func signal(ofChild pid: Int32, _ number: Int32) {
    kill(-pid, number)
  }

  /// Signals the group of a process that is not a child, one held process at a time, so that no
  /// process that only has the number of an old one is ever meant. Members are told from others by
  /// the marker that all of them inherited.
  static func signal(ofStranger pid: Int32, marker instance: String, _ number: Int32) {
    for member in ProcessTable.processes(with: ReplicaSpec.markerVariable, of: instance) {
      guard let status = ProcessStatus(of: member), status.group == pid,
        let handle = ProcessHandle(
          ProcessIdentity(pid: member, startTicks: status.startTicks))
      else { continue }
      handle.signal(number)
    }
  }
}
