import CanonicalJSON
import Events
import Rollouts

/// An environment's agent, as a platform. It holds no connection: each request makes its own, so
/// an agent may be started anew between two of them.
package struct AgentClient: Platform {
  private let socket: UnixSocket
  private let lock: String
  /// How long the agent may take to answer what takes no time.
  private let patience: Duration

  /// How long one question for ends waits before it is asked again.
  private let pollMs: Int64
  private let launcher: AgentLauncher?

  /// - Parameter launcher: Brings an agent up again that is not there when it is asked something.
  ///   A request asked twice does nothing twice.
  package init(
    _ directory: RunDirectory, launcher: AgentLauncher? = nil,
    patience: Duration = .seconds(30), pollMs: Int64 = 20_000
  ) {
    self.launcher = launcher
    socket = directory.agentSocket
    lock = directory.agentLock
    self.patience = patience
    self.pollMs = pollMs
  }

  /// Who answers.
  package func hello() async throws(PlatformError) -> AgentIdentity {
    guard case .hello(let agent) = try await ask(.hello) else { throw unexpected }
    return agent
  }

  /// Asks the agent to end; its replicas live on.
  package func leave() async throws(PlatformError) {
    guard case .left = try await askOnce(.leave, extra: .zero) else { throw unexpected }
  }

  package func start(_ spec: ReplicaSpec) async throws(PlatformError) -> RunningReplica {
    guard case .replica(let replica) = try await ask(.start(spec)) else { throw unexpected }
    return replica
  }

  package func stop(
    _ instance: InstanceName, graceMs: Int64
  ) async throws(PlatformError) -> ReplicaExit {
    let request = AgentRequest.stop(instance, graceMs: graceMs)
    // The agent takes the grace, and after it as long as it waits for a forced end.
    let extra = Duration.milliseconds(graceMs) + .seconds(15)
    guard case .exit(let exit) = try await ask(request, extra: extra) else { throw unexpected }
    return exit
  }

  package func running() async throws(PlatformError) -> [RunningReplica] {
    guard case .replicas(let replicas) = try await ask(.running) else { throw unexpected }
    return replicas
  }

  /// Goes on through restarts of the agent. What ended while none ran is told when the next one
  /// answers, which has found it gone; nobody saw how, so its exit is unknown. Only an end that an
  /// agent saw within milliseconds of its own, and could not pass on, is not told.
  package func ends() async -> AsyncStream<ReplicaEnd> {
    let (stream, continuation) = AsyncStream<ReplicaEnd>.makeStream()
    let first = try? await news(after: nil)
    let following = Task {
      var cursor = first
      while !Task.isCancelled {
        do {
          let news = try await news(after: cursor)
          for end in news.ends { continuation.yield(end) }
          cursor = news
        } catch {
          try? await ContinuousClock().sleep(for: .milliseconds(200))
        }
      }
    }
    continuation.onTermination = { _ in following.cancel() }
    return stream
  }

  /// Where a client has got to in the ends of one agent.
  private struct News {
    let ends: [ReplicaEnd]
    let next: Int
    let agent: AgentIdentity
  }

  private func news(after cursor: News?) async throws(PlatformError) -> News {
    let request = AgentRequest.ends(
      after: cursor?.next, waitMs: cursor == nil ? 0 : pollMs)
    let answer = try await ask(request, extra: .milliseconds(pollMs))
    guard case .ends(let ends, let next, let agent) = answer else { throw unexpected }
    guard let cursor, cursor.agent != agent else {
      return News(ends: ends, next: next, agent: agent)
    }
    return try await news(after: News(ends: [], next: 0, agent: agent))
  }

  private var unexpected: PlatformError {
    .agentAnswer(socket: socket.path, reason: "it answers another question")
  }

  private func ask(
    _ request: AgentRequest, extra: Duration = .zero
  ) async throws(PlatformError) -> AgentAnswer {
    do {
      return try await askOnce(request, extra: extra)
    } catch {
      guard case .agentNotReached = error, let launcher else { throw error }
      _ = try await launcher.ensureRunning()
      return try await askOnce(request, extra: extra)
    }
  }

  private func askOnce(
    _ request: AgentRequest, extra: Duration
  ) async throws(PlatformError) -> AgentAnswer {
    let line: [UInt8]
    let question = AgentQuestion(request, waiting: patience + extra)
    do {
      line = try JSONValue.object(question.json).canonicalBytes()
    } catch {
      throw .agentAnswer(socket: socket.path, reason: "it cannot be asked so, \(error)")
    }
    let bytes: [UInt8]
    do {
      bytes = try await socket.ask(line + [UInt8(ascii: "\n")], timeout: patience + extra)
    } catch {
      throw notReached(error.description)
    }
    // An agent that was ended on the way; what it did by then, the next one finds.
    guard bytes.last == UInt8(ascii: "\n") else {
      throw notReached("it went away before it had answered")
    }
    return try answer(in: bytes)
  }

  private func notReached(_ reason: String) -> PlatformError {
    .agentNotReached(
      socket: socket.path, reason: reason, lock: FileLock.isHeld(lock) ? lock : nil)
  }

  private func answer(in bytes: [UInt8]) throws(PlatformError) -> AgentAnswer {
    let answer: AgentAnswer
    do {
      answer = try AgentAnswer(json: JSONObject(parsing: Array(bytes.dropLast())))
    } catch {
      throw .agentAnswer(socket: socket.path, reason: error.description)
    }
    if case .failure(let error) = answer { throw error }
    return answer
  }
}
