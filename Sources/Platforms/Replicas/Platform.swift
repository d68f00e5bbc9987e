import Events
import Rollouts

/// What can run replicas. Its behaviour is stated, and tested, by `PlatformContract` in `TestKit`.
package protocol Platform: Sendable {
  /// Starts a replica. It runs when this returns; whether it is well is for a prober to say.
  ///
  /// Asked again for an instance that runs with the same specification, it answers with what runs
  /// and starts nothing, so a caller that does not know whether it had asked may ask.
  func start(_ spec: ReplicaSpec) async throws(PlatformError) -> RunningReplica

  /// Ends a replica and everything it started: asks, waits `graceMs`, then ends it. Returns when
  /// the process is gone. For an instance that does not run it answers at once, with its end if
  /// that is still known and ``ReplicaExit/unknown`` if not. A start of it that is under way is
  /// called off. Cancelled, it has asked, and waits no more.
  func stop(_ instance: InstanceName, graceMs: Int64) async throws(PlatformError) -> ReplicaExit

  /// Every replica that runs, in the order of their instances.
  func running() async throws(PlatformError) -> [RunningReplica]

  /// Every end from now on, asked for or not, each once. The stream ends with the platform.
  func ends() async -> AsyncStream<ReplicaEnd>
}

/// Why a platform did not do what it was asked to.
package enum PlatformError: Error, Hashable {
  case notExecutable(path: String, reason: String)
  case noWorkingDirectory(path: String)
  /// It could not be brought to run at all. That it ended soon after is not this.
  case notStarted(InstanceName, reason: String)
  /// Another specification runs under this instance's name.
  case instanceTaken(InstanceName)
  /// It was ended with force and is still there, as a process waiting for a broken disk can be.
  case notStopped(InstanceName, pid: Int32)
  case stateNotWritten(path: String, reason: String)
  case stateNotRead(path: String, reason: String)
  /// Another agent of this environment holds the lock.
  case agentRunsAlready(environment: EnvironmentName, lock: String)
  /// `lock` where a living process holds it: the agent is there, and answers nothing.
  case agentNotReached(socket: String, reason: String, lock: String? = nil)
  /// It answered something that is no answer.
  case agentAnswer(socket: String, reason: String)
}

extension PlatformError {
  /// Of `…/run/staging/agent.sock`, `staging`.
  private static func environment(of socket: String) -> Substring {
    socket.split(separator: "/").dropLast().last ?? "ENVIRONMENT"
  }

  /// What ends an agent that lives and does not answer.
  package static func ending(holderOf lock: String) -> String { "kill -9 $(cat \(lock))" }
}

extension PlatformError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notExecutable(let path, let reason):
      """
      The replica was not started: \(path) cannot be executed, \(reason). Check the component's \
      command with `stele config show`, or make the build again with `stele build`.
      """
    case .noWorkingDirectory(let path):
      """
      The replica was not started: its working directory \(path) is not there. Make the build \
      again with `stele build`.
      """
    case .notStarted(let instance, let reason):
      """
      \(instance) was not started: \(reason). See `stele status` for what runs.
      """
    case .instanceTaken(let instance):
      """
      \(instance) was not started: something else runs under this name. See `stele status`.
      """
    case .notStopped(let instance, let pid):
      """
      \(instance) was not stopped: process \(pid) is still there after SIGKILL. Look at it with \
      `cat /proc/\(pid)/status`; see `stele status` for what is under way.
      """
    case .stateNotWritten(let path, let reason):
      """
      Nothing was started or stopped: \(path) could not be written, \(reason). Make room or give \
      permission, then try again; see `stele status` for what is under way.
      """
    case .stateNotRead(let path, let reason):
      """
      Nothing was started or stopped: \(path) does not say what runs, \(reason). Move it away and \
      try again; see `stele status` for what is under way.
      """
    case .agentRunsAlready(let environment, let lock):
      """
      No second agent was started for \(environment): the first one holds \(lock). Use that one. \
      Where it does not answer, end it with `\(Self.ending(holderOf: lock))`, which ends no replica.
      """
    case .agentNotReached(let socket, let reason, let lock?):
      """
      The agent was not reached at \(socket), \(reason): what it was asked for may not have \
      happened. It lives: end it with `\(Self.ending(holderOf: lock))`, which ends no replica, \
      then try again.
      """
    case .agentNotReached(let socket, let reason, nil):
      """
      The agent was not reached at \(socket), \(reason): what it was asked for may not have \
      happened. Start it with `stele agent \(Self.environment(of: socket))`.
      """
    case .agentAnswer(let socket, let reason):
      """
      What the agent at \(socket) did is not known: \(reason). See `stele status` for what is \
      under way.
      """
    }
  }
}
