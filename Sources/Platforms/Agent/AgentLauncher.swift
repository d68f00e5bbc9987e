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
  ///   - limit: How long it may take to answer.
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
    if (try? await client.hello()) != nil { return client }
    let agent = try spawn()
    let giveUp = ContinuousClock.now + limit
    while ContinuousClock.now < giveUp {
      if (try? await client.hello()) != nil { return client }
      if let exit = ExitStatus.peek(agent.pid) {
        ExitStatus.reap(agent.pid)
        return try await successor(of: agent, endedWith: "\(exit)")
      }
      try? await ContinuousClock().sleep(for: .milliseconds(20))
    }
    throw .agentNotReached(
      socket: directory.agentSocket.path,
      reason: "process \(agent.pid) does not answer after \(limit); see \(directory.agentLog)")
  }

  /// Ours is gone: it may have found another one there.
  private func successor(
    of agent: ProcessIdentity, endedWith exit: String
  ) async throws(PlatformError) -> AgentClient {
    let client = AgentClient(directory)
    for _ in 0..<50 {
      if (try? await client.hello()) != nil { return client }
      try? await ContinuousClock().sleep(for: .milliseconds(20))
    }
    throw .agentNotReached(
      socket: directory.agentSocket.path,
      reason: "process \(agent.pid) ended with \(exit); see \(directory.agentLog)")
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
