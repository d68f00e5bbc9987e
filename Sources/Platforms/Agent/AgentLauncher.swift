import Rollouts

/// Brings an environment's agent up from a command that will end before it.
package struct AgentLauncher: Sendable {
  private let directory: RunDirectory
  private let command: [String]
  private let variables: [String: String]
  private let workingDirectory: String
  private let limit: Duration

  /// - Parameters:
  ///   - command: The program, by its path, and its arguments: `stele agent ENVIRONMENT`.
  ///   - variables: The agent's whole environment.
  ///   - limit: How long it may take to answer, however often it is asked.
  package init(
    _ directory: RunDirectory, command: [String], variables: [String: String],
    workingDirectory: String, limit: Duration = .seconds(15)
  ) {
    self.directory = directory
    self.command = command
    self.variables = variables
    self.workingDirectory = workingDirectory
    self.limit = limit
  }

  /// The agent that is there, or a new one in a session of its own. Two that ask at once get the
  /// same: of two new agents one gets the lock, and the other ends.
  package func ensureRunning() async throws(PlatformError) -> AgentClient {
    let client = AgentClient(directory)
    let giveUp = ContinuousClock.now + limit
    if await answers(until: giveUp) { return client }
    var agent = isAgentThere ? nil : try spawn()
    var end: ReplicaExit?
    while ContinuousClock.now < giveUp {
      if await answers(until: giveUp) { return client }
      if let pid = agent?.pid, end == nil, let exit = ExitStatus.peek(pid) {
        ExitStatus.reap(pid)
        end = exit
      }
      // Ours may have ended because another one has the lock; that one will answer.
      if let agent, let end, !isAgentThere {
        throw notReached("process \(agent.pid) ended with \(end)")
      }
      if agent == nil, !isAgentThere { agent = try spawn() }
      try? await ContinuousClock().sleep(for: .milliseconds(20))
    }
    let silent = end == nil ? agent.map { "process \($0.pid)" } : nil
    throw notReached("\(silent ?? "the agent that holds the lock") does not answer after \(limit)")
  }

  private func answers(until giveUp: ContinuousClock.Instant) async -> Bool {
    let client = AgentClient(directory, patience: giveUp - .now)
    return (try? await client.hello()) != nil
  }

  /// Whether some agent holds the lock; it answers, or will.
  private var isAgentThere: Bool { FileLock.isHeld(directory.agentLock) }

  private func notReached(_ reason: String) -> PlatformError {
    .agentNotReached(
      socket: directory.agentSocket.path, reason: "\(reason); see \(directory.agentLog)",
      lock: isAgentThere ? directory.agentLock : nil)
  }

  private func spawn() throws(PlatformError) -> ProcessIdentity {
    let program = try ProcessStart.path(
      of: command.first ?? "", in: workingDirectory, searching: variables["PATH"])
    do {
      try Files.makeDirectory(directory.path)
      return try ProcessStart(
        program: program, arguments: Array(command.dropFirst()), variables: variables,
        workingDirectory: workingDirectory, outputPath: directory.agentLog
      ).spawn()
    } catch {
      throw .agentNotReached(
        socket: directory.agentSocket.path, reason: "\(program) was not started, \(error)")
    }
  }
}
