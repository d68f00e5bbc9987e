import Cryptography
import Events
import Rollouts

/// Runs replicas as processes of this machine: the heart of an agent.
///
/// Each replica is a session of its own with its own output file; it lives on when the platform
/// goes, and the next platform finds it again (``open(_:clock:)``). A replica is its whole process
/// group: when its first process ends, what is left of the group is ended too.
///
/// Crash story: ``start(_:)`` writes down what it is about to start, starts it, and writes down
/// its process. A crash before the first write leaves nothing; between the two a process that its
/// marker tells; after the second one that the file names.
package actor ProcessPlatform: Platform {
  private let file: ReplicaFile
  private let lock: FileLock
  private let clock: any Clock<Duration>
  private let secrets: any SecretGiver
  private let folder: SecretFolder
  private let broadcast = Broadcast<ReplicaEnd>()
  private var live: [InstanceName: LiveReplica] = [:]
  private var ended: [InstanceName: ReplicaExit] = [:]
  /// Starts whose secrets are being opened.
  private var opening: [InstanceName: Opening] = [:]

  private struct Opening {
    var starts = 0
    var isCalledOff = false
  }

  /// How long a process may still be there after it was ended with force.
  private static let forceLimit = Duration.seconds(10)
  /// How many ends are remembered for who asks later.
  private static let endsRemembered = 1_000

  private init(
    _ directory: RunDirectory, lock: FileLock, clock: any Clock<Duration>,
    secrets: any SecretGiver
  ) {
    file = ReplicaFile(path: directory.replicas)
    folder = SecretFolder(directory)
    self.secrets = secrets
    self.lock = lock
    self.clock = clock
  }

  /// Takes an environment's run directory over, and with it the replicas that still run.
  ///
  /// - Parameters:
  ///   - secrets: Opens what replicas are to get.
  ///   - lockLimit: How long a platform that is just going is waited for.
  /// - Returns: The platform, and the replicas that have ended while nobody was there; what their
  ///   groups had left is ended too.
  package static func open(
    _ directory: RunDirectory, secrets: any SecretGiver = NoSecrets(),
    clock: any Clock<Duration> = ContinuousClock(), lockLimit: Duration = .seconds(2)
  ) async throws(PlatformError) -> (platform: ProcessPlatform, lost: [ReplicaEnd]) {
    let lock = try await take(directory.agentLock, in: directory, within: lockLimit)
    let platform = ProcessPlatform(directory, lock: lock, clock: clock, secrets: secrets)
    return (platform, try await platform.adopt())
  }

  private static func take(
    _ path: String, in directory: RunDirectory, within limit: Duration
  ) async throws(PlatformError) -> FileLock {
    let giveUp = ContinuousClock.now + limit
    repeat {
      do {
        try Files.makeDirectory(directory.path)
        if let lock = try FileLock.take(path) { return lock }
      } catch {
        throw .stateNotWritten(path: path, reason: error.description)
      }
      try? await ContinuousClock().sleep(for: .milliseconds(10))
    } while ContinuousClock.now < giveUp
    throw .agentRunsAlready(environment: directory.environment, lock: path)
  }

  package func running() -> [RunningReplica] {
    live.values.map(\.replica).sorted { $0.spec.instance < $1.spec.instance }
  }

  package func ends() -> AsyncStream<ReplicaEnd> { broadcast.listen() }

  // MARK: Finding again

  private func adopt() throws(PlatformError) -> [ReplicaEnd] {
    var lost: [ReplicaEnd] = []
    for entry in try file.read() {
      switch entry {
      case .running(let replica):
        guard !hold(replica, .stranger) else { continue }
        ProcessGroup.signal(
          ofStranger: replica.process.pid, marker: replica.spec.instance.rawValue, 9)
        lost.append(ReplicaEnd(replica: replica, exit: .unknown, wasAsked: false))
      case .starting(let spec, let port):
        guard let process = Self.process(marked: spec.instance) else { continue }
        _ = hold(RunningReplica(spec: spec, process: process, port: port), .stranger)
      }
    }
    for end in lost { remember(end) }
    folder.keep(only: Set(live.keys))
    try write()
    return lost
  }

  /// The process that a start which was never confirmed had brought about, if it had.
  private static func process(marked instance: InstanceName) -> ProcessIdentity? {
    ProcessTable.processes(with: ReplicaSpec.markerVariable, of: instance.rawValue)
      .first { ProcessStatus(of: $0)?.session == $0 }
      .flatMap { ProcessIdentity(of: $0) }
  }

  // MARK: Starting

  package func start(_ spec: ReplicaSpec) async throws(PlatformError) -> RunningReplica {
    try await start(spec, untilMs: .max)
  }

  /// - Parameter untilMs: On ``KernelClock/sinceBootMs``. Later than this nothing is begun, however
  ///   long its secrets took: nobody waits for it, and what it started would be in no entry.
  func start(
    _ spec: ReplicaSpec, untilMs: Int64
  ) async throws(PlatformError) -> RunningReplica {
    if let there = try replica(of: spec) { return there }
    let program = try spec.program()
    let values = try await values(for: spec)
    // Somebody else may have asked for the same while they were opened.
    if let there = try replica(of: spec) { return there }
    guard KernelClock.sinceBootMs <= untilMs else {
      throw .notStarted(spec.instance, reason: "nobody waits for it any more")
    }
    let reservation = spec.wantsPort ? try reserve(for: spec) : nil
    try write(and: .starting(spec, port: reservation?.port))
    let process = try spawn(spec, program: program, port: reservation?.port, values)
    let replica = RunningReplica(spec: spec, process: process, port: reservation?.port)
    ended[spec.instance] = nil
    guard hold(replica, .child(reservation)) else {
      abandon(process)
      throw .notStarted(spec.instance, reason: "its process could not be watched")
    }
    do {
      try write()
    } catch {
      live[spec.instance]?.signal(9)
      throw error
    }
    return replica
  }

  private func replica(of spec: ReplicaSpec) throws(PlatformError) -> RunningReplica? {
    guard let there = live[spec.instance]?.replica else { return nil }
    guard there.spec == spec else { throw .instanceTaken(spec.instance) }
    return there
  }

  private func values(
    for spec: ReplicaSpec
  ) async throws(PlatformError) -> [String: SecretBytes] {
    opening[spec.instance, default: Opening()].starts += 1
    let values: [String: SecretBytes]
    do { values = try await secrets.values(for: spec) } catch {
      _ = endOpening(of: spec.instance)
      throw .notStarted(spec.instance, reason: "\(error)")
    }
    guard endOpening(of: spec.instance) else {
      throw .notStarted(spec.instance, reason: "it was asked to stop before it had begun")
    }
    return values
  }

  /// - Returns: Whether it is still wanted.
  private func endOpening(of instance: InstanceName) -> Bool {
    guard var one = opening[instance] else { return true }
    one.starts -= 1
    opening[instance] = one.starts > 0 ? one : nil
    return !one.isCalledOff
  }

  private func reserve(for spec: ReplicaSpec) throws(PlatformError) -> PortReservation {
    do {
      return try PortReservation()
    } catch {
      throw .notStarted(spec.instance, reason: "no port could be had: \(error)")
    }
  }

  private func spawn(
    _ spec: ReplicaSpec, program: String, port: Int?, _ values: [String: SecretBytes]
  ) throws(PlatformError) -> ProcessIdentity {
    let inFiles = spec.secrets.filter(\.isFile).map(\.variable)
    do {
      let files = try folder.write(
        inFiles.compactMap { name in values[name].map { (variable: name, value: $0) } },
        for: spec.instance)
      return try ProcessStart(
        spec, program: program, port: port,
        secrets: values.filter { !inFiles.contains($0.key) }, files: files
      ).spawn()
    } catch {
      folder.remove(spec.instance)
      try write()
      throw .notStarted(spec.instance, reason: error.description)
    }
  }

  /// Ends a child that nobody will ask about: it is reaped with the orphans.
  private func abandon(_ process: ProcessIdentity) {
    ProcessGroup.signal(ofChild: process.pid, 9)
    Children.remove(process.pid)
  }

  /// - Returns: Whether its process is there.
  private func hold(_ replica: RunningReplica, _ bond: LiveReplica.Bond) -> Bool {
    let held = LiveReplica(replica, bond) { [weak self] in
      Task { await self?.noteEnd(of: replica) }
    }
    guard let held else { return false }
    live[replica.spec.instance] = held
    return true
  }

  // MARK: Stopping

  package func stop(
    _ instance: InstanceName, graceMs: Int64
  ) async throws(PlatformError) -> ReplicaExit {
    guard let process = live[instance]?.replica.process else {
      opening[instance]?.isCalledOff = true
      return ended[instance] ?? .unknown
    }
    live[instance]?.isBeingStopped = true
    for (signal, limit) in [(15, Duration.milliseconds(graceMs)), (9, Self.forceLimit)] {
      let ends = broadcast.listen()
      live[instance]?.signal(Int32(signal))
      let exit = await ends.first(of: process, within: limit, on: clock)
      if let exit { return exit }
      // It may have ended between its time being up and our turn.
      guard live[instance]?.replica.process == process, !Task.isCancelled else {
        return ended[instance] ?? .unknown
      }
    }
    throw .notStopped(instance, pid: process.pid)
  }

  private func noteEnd(of replica: RunningReplica) {
    let instance = replica.spec.instance
    guard let held = live[instance], held.replica == replica else { return }
    live[instance] = nil
    let end = ReplicaEnd(
      replica: replica, exit: held.bury(), wasAsked: held.isBeingStopped)
    remember(end)
    // A file that still names it does no harm: the next reader finds its process gone.
    try? write()
    broadcast.tell(end)
  }

  private func remember(_ end: ReplicaEnd) {
    if ended.count >= Self.endsRemembered { ended.removeAll() }
    ended[end.replica.spec.instance] = end.exit
    folder.remove(end.replica.spec.instance)
  }

  // MARK: Writing down

  private func write(and entry: ReplicaFile.Entry? = nil) throws(PlatformError) {
    try file.write(running().map { .running($0) } + [entry].compactMap(\.self))
  }
}

extension AsyncStream<ReplicaEnd> {
  /// How this process ended, or nil when it had not after `limit`.
  fileprivate func first(
    of process: ProcessIdentity, within limit: Duration, on clock: any Clock<Duration>
  ) async -> ReplicaExit? {
    await withTaskGroup(of: ReplicaExit?.self) { group in
      group.addTask {
        for await end in self where end.replica.process == process { return end.exit }
        return nil
      }
      group.addTask {
        try? await clock.sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
  }
}
