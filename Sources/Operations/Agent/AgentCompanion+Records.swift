import Events
import LedgerStore
import Logging
import Platforms
import Projections

extension AgentCompanion {
  /// Records what is to be kept up and runs in a process that no entry has: an agent or a sync has
  /// started it, and ended before it said so.
  func recordUnknown(_ running: [RunningReplica], in steady: SteadyRelease) async throws {
    // What a driver has left it says to whoever takes over from it, and what this agent has begun
    // or could not record yet it will record itself.
    guard steady.abandoned == nil else { return }
    try await record([])
    let kept = keptUp(running, in: steady).filter { !underWay.contains($0.spec.instance) }
    let known = try await session.recordedProcesses(
      of: Set(kept.map(\.spec.instance)), in: steady.place)
    let unknown = kept.filter { !known.contains(ReplicaProcess($0)) }
    guard !unknown.isEmpty, try await steady.isSame(as: self.steady()) else { return }
    for replica in unknown {
      log.notice("\(replica.spec.instance) runs as process \(replica.process.pid), unrecorded")
    }
    try await record(unknown.map { steady.draft(.started(ReplicaStarted($0))) })
  }
}

extension Session {
  /// In which processes entries have some instances: of the deployments back to those that began
  /// them, and of agents and syncs.
  fileprivate func recordedProcesses(
    of instances: Set<InstanceName>, in place: Place
  ) throws -> Set<ReplicaProcess> {
    let streams: [StreamName] = [
      .replica(place.application, place.environment), .sync(place.application, place.environment),
    ]
    var processes: Set<ReplicaProcess> = []
    try ledger.read { reader in
      for stream in streams {
        for entry in try reader.entries(of: stream) {
          let events = try entry.read().events
          processes.formUnion(events.compactMap(\.startedProcess))
        }
      }
    }
    var open = instances
    for deployment in try state().deployments.all.reversed()
    where !open.isEmpty && deployment.place == place {
      let history = try knownHistory(of: deployment.id)
      processes.formUnion(history.processes.values)
      open = open.filter { history.step(starting: $0) == nil }
    }
    return processes
  }
}

extension Recorded {
  fileprivate var startedProcess: ReplicaProcess? {
    switch event {
    case .replica(.started(let started)):
      ReplicaProcess(pid: started.pid, port: started.port, startTicks: started.startTicks)
    case .sync(.stepFinished(let step)): step.process
    case .ledger, .key, .access, .approval, .policy, .build, .configuration, .release,
      .deployment, .health, .replica(.exited), .router, .lease, .usage, .cost, .retention,
      .privacy, .review, .secret, .drift, .sync, .unknown, .unreadable:
      nil
    }
  }
}
