import Synchronization

/// The processes this one has started and will reap itself. Whoever reaps what others left behind
/// leaves these alone: how they end is somebody's to learn.
enum Children {
  private static let pids = Mutex<Set<Int32>>([])

  /// Starts one. It is known before anyone can see that it has ended.
  static func add(
    _ start: () throws(SystemError) -> Int32
  ) throws(SystemError) -> Int32 {
    try pids.withLock { pids throws(SystemError) in
      let pid = try start()
      pids.insert(pid)
      return pid
    }
  }

  static func remove(_ pid: Int32) {
    pids.withLock { pids in _ = pids.remove(pid) }
  }

  /// Calls `act` with what tells whether a process is one of them, while none comes or goes.
  static func whileTheyStay(_ act: (_ isChild: (Int32) -> Bool) -> Void) {
    pids.withLock { pids in
      let known = pids
      act { known.contains($0) }
    }
  }
}
