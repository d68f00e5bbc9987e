import Glibc
import Synchronization

@testable import Platforms

/// An agent in this process, for as long as a test needs one.
struct RunningAgent {
  let client: AgentClient
  let observer: RecordingObserver

  static func run(
    in directory: TestDirectory, observer: RecordingObserver = RecordingObserver(),
    _ body: (RunningAgent) async throws -> Void
  ) async throws {
    let agent = Agent(directory.run, observer: observer, endingSignals: [])
    let running = Task {
      do {
        try await agent.run()
      } catch {
        observer.stop()
        throw error
      }
    }
    await observer.awaitStart()
    do {
      try await body(
        RunningAgent(
          client: AgentClient(directory.run, patience: .seconds(240)), observer: observer))
    } catch {
      running.cancel()
      throw error
    }
    running.cancel()
    _ = try? await running.value
  }
}

/// Writes down what an agent tells it.
final class RecordingObserver: AgentObserver {
  struct Record {
    var identity: AgentIdentity?
    var adopted: [RunningReplica] = []
    var lost: [ReplicaEnd] = []
    var ends: [ReplicaEnd] = []
  }

  private let state = Mutex(Record())
  private let start = Broadcast<Void>()
  private let work: @Sendable (any Platform) async throws -> Void

  init(work: @escaping @Sendable (any Platform) async throws -> Void = { _ in }) {
    self.work = work
  }

  var record: Record { state.withLock { $0 } }

  func awaitStart() async {
    for await _ in start.listen() { return }
  }

  /// Also when there will be none.
  func stop() { start.finish() }

  func agentStarted(
    _ identity: AgentIdentity, adopted: [RunningReplica], lost: [ReplicaEnd]
  ) async {
    state.withLock {
      $0.identity = identity
      $0.adopted = adopted
      $0.lost = lost
    }
    start.finish()
  }

  func replicaEnded(_ end: ReplicaEnd) async {
    state.withLock { $0.ends.append(end) }
  }

  func accompany(_ platform: any Platform) async throws { try await work(platform) }
}

/// Ports that nobody has now, each another one. They lie below those that the system hands out by
/// itself (32768 and up on Linux), so no connection takes one before the test listens there.
/// Each is asked once: one that was free may be another test's a moment later.
func freePorts(_ count: Int) -> [Int] {
  var ports: [Int] = []
  for port in (20_000..<32_768).shuffled() where ports.count < count && isPortFree(port) {
    ports.append(port)
  }
  return ports
}
