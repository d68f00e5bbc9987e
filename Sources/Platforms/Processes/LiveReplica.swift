import Events
import Rollouts

/// A replica's process as its platform holds it.
struct LiveReplica: Sendable {
  /// Whether we started it ourselves, and so are told how it ends.
  enum Bond: Sendable {
    case child(PortReservation?)
    /// Found again; it holds its port by listening.
    case stranger
  }

  let replica: RunningReplica
  private let bond: Bond
  private let handle: ProcessHandle
  private let watch: EndWatch
  var isBeingStopped = false

  /// - Returns: nil when its process is gone. A child that has ended is still there: how it ended
  ///   is ours to learn.
  init?(_ replica: RunningReplica, _ bond: Bond, whenEnded act: @escaping @Sendable () -> Void) {
    guard let handle = ProcessHandle(replica.process) else { return nil }
    if case .stranger = bond, !replica.process.isAlive { return nil }
    self.replica = replica
    self.bond = bond
    self.handle = handle
    watch = EndWatch(handle, then: act)
  }

  /// Signals everything that belongs to the replica.
  func signal(_ number: Int32) {
    let pid = replica.process.pid
    switch bond {
    case .child: ProcessGroup.signal(ofChild: pid, number)
    case .stranger:
      handle.signal(number)
      ProcessGroup.signal(
        ofStranger: pid, marker: replica.spec.instance.rawValue, number)
    }
  }

  /// Ends what is left of the replica after its first process has ended, and lets go of it.
  func bury() -> ReplicaExit {
    signal(9)
    switch bond {
    case .stranger:
      // It may have become a child since, as an orphan.
      ExitStatus.reap(replica.process.pid)
      return .unknown
    case .child:
      let exit = ExitStatus.peek(replica.process.pid) ?? .unknown
      ExitStatus.reap(replica.process.pid)
      return exit
    }
  }
}
