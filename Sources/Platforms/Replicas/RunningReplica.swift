import Rollouts

/// A replica whose process is there.
package struct RunningReplica: Hashable, Sendable {
  package let spec: ReplicaSpec
  package let process: ProcessIdentity
  /// Where it listens on 127.0.0.1; nil when it wants no port.
  package let port: Int?

  package init(spec: ReplicaSpec, process: ProcessIdentity, port: Int?) {
    self.spec = spec
    self.process = process
    self.port = port
  }
}

/// One process and no later one of the same number.
package struct ProcessIdentity: Hashable, Sendable {
  package let pid: Int32
  /// When the kernel started it, in clock ticks since boot: field 22 of `/proc/PID/stat`.
  package let startTicks: Int64

  package init(pid: Int32, startTicks: Int64) {
    self.pid = pid
    self.startTicks = startTicks
  }
}

/// A replica's process is gone.
package struct ReplicaEnd: Hashable, Sendable {
  package let replica: RunningReplica
  package let exit: ReplicaExit
  /// Whether ``Platform/stop(_:graceMs:)`` had been asked for.
  package let wasAsked: Bool

  package init(replica: RunningReplica, exit: ReplicaExit, wasAsked: Bool) {
    self.replica = replica
    self.exit = exit
    self.wasAsked = wasAsked
  }
}
