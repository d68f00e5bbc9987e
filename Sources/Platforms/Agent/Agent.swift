import CanonicalJSON
import Cryptography
import Dispatch
import Events
import Glibc

/// `stele agent ENVIRONMENT`: the parent of an environment's replicas. One an environment and
/// machine; it can go and come again without its replicas noticing.
package struct Agent: Sendable {
  private let directory: RunDirectory
  private let observer: any AgentObserver
  private let secrets: any SecretGiver
  private let random: any RandomSource
  private let endingSignals: [Int32]

  /// How often what replicas left behind is looked for.
  private static let reapingInterval = Duration.seconds(5)

  /// - Parameters:
  ///   - secrets: Opens what replicas are to get.
  ///   - endingSignals: Signals to this process that make it leave in order.
  package init(
    _ directory: RunDirectory, observer: any AgentObserver, secrets: any SecretGiver = NoSecrets(),
    random: any RandomSource = SystemRandom(), endingSignals: [Int32] = [SIGTERM, SIGINT, SIGHUP]
  ) {
    self.directory = directory
    self.observer = observer
    self.secrets = secrets
    self.random = random
    self.endingSignals = endingSignals
  }

  /// Runs until it is asked to leave, by a client, a signal or cancellation.
  ///
  /// - Throws: ``PlatformError/agentRunsAlready(environment:lock:)`` when there is another one, and
  ///   what the observer throws.
  package func run() async throws {
    let identity = AgentIdentity(
      environment: directory.environment,
      process: ProcessIdentity(of: getpid()) ?? ProcessIdentity(pid: getpid(), startTicks: 0),
      incarnation: Hex.encode(random.bytes(8)))
    let (platform, lost) = try await ProcessPlatform.open(directory, secrets: secrets)
    Orphans.adopt()
    let server = AgentServer(
      platform: platform, identity: identity, socket: directory.agentSocket, log: EndLog(),
      leave: Broadcast())
    let farewell = server.leave.listen()
    let signals = SignalWatch(endingSignals) { server.leave.tell(()) }
    defer { signals.cancel() }
    defer { server.log.finish() }
    for end in lost { await server.log.record(end) }
    let ends = await platform.ends()
    let adopted = await platform.running()

    try await withThrowingTaskGroup(of: IsOver.self) { group in
      group.addTask {
        try await server.run { await observer.agentStarted(identity, adopted: adopted, lost: lost) }
        return true
      }
      group.addTask { await report(ends, to: server.log) }
      group.addTask { try await reapOrphans() }
      group.addTask {
        try await observer.accompany(platform)
        return false
      }
      group.addTask {
        for await _ in farewell { break }
        return true
      }
      defer { group.cancelAll() }
      for try await isOver in group where isOver { break }
    }
  }

  /// Whether the agent leaves when a part of it is done.
  private typealias IsOver = Bool

  private func report(_ ends: AsyncStream<ReplicaEnd>, to log: EndLog) async -> IsOver {
    for await end in ends {
      await log.record(end)
      await observer.replicaEnded(end)
    }
    return true
  }

  private func reapOrphans() async throws -> IsOver {
    while true {
      try await ContinuousClock().sleep(for: Self.reapingInterval)
      Orphans.reap()
    }
  }
}

/// Calls back for signals to this process, which then do nothing else.
///
/// Unchecked because Dispatch does not say that its sources may be shared; these are set up before
/// anyone else has them, and after that only cancelled.
final class SignalWatch: @unchecked Sendable {
  private let sources: [any DispatchSourceSignal]

  init(_ numbers: [Int32], then act: @escaping @Sendable () -> Void) {
    sources = numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler(handler: act)
      source.activate()
      return source
    }
  }

  func cancel() {
    for source in sources { source.cancel() }
  }
}
