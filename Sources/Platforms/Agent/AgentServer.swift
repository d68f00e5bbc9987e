import CanonicalJSON
import Events
import Glibc
import NIOCore
import NIOPosix

/// Answers an environment's clients on a socket, from a platform. One request a connection, one
/// line each way; a line is at most 4 MiB and must be whole after ten seconds.
///
/// Trusted like whoever runs it: who can open the socket can run anything as this user, so only
/// this user may enter its directory.
struct AgentServer: Sendable {
  let platform: ProcessPlatform
  let identity: AgentIdentity
  let socket: UnixSocket
  let log: EndLog
  /// Told when someone asks the agent to leave.
  let leave: Broadcast<Void>

  /// Serves until it is cancelled. The socket takes requests when `whenReady` is called. What is
  /// being answered at the end is still answered, if this process lives that long.
  func run(whenReady: @Sendable () async -> Void) async throws {
    let folder = try socket.openDirectory()
    let address = socket.address(in: folder)
    unlink(address)
    let listening = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { connection in
        connection.eventLoop.makeCompletedFuture {
          try connection.pipeline.syncOperations.addHandler(
            QuestionHandler { line, connection in await serve(line, on: connection) })
        }
      }
      .bind(unixDomainSocketPath: address).get()
    chmod(address, 0o600)
    withExtendedLifetime(folder) {}  // Its number is in the address.
    await whenReady()
    try await withTaskCancellationHandler {
      try await listening.closeFuture.get()
    } onCancel: {
      listening.close(promise: nil)
    }
  }

  /// A connection that breaks is its client's to notice; there is nobody to tell here.
  private func serve(_ line: [UInt8], on connection: any Channel) async {
    let answer = await answer(to: line)
    let bytes = (try? JSONValue.object(answer.json).canonicalBytes()) ?? []
    try? await connection.writeAndFlush(ByteBuffer(bytes: bytes + [UInt8(ascii: "\n")])).get()
    try? await connection.close().get()
    if answer == .left { leave.tell(()) }
  }

  private func answer(to line: [UInt8]) async -> AgentAnswer {
    do {
      return try await answer(to: AgentQuestion(json: JSONObject(parsing: line)))
    } catch let error as PlatformError {
      return .failure(error)
    } catch {
      return .failure(.agentAnswer(socket: socket.path, reason: "it was asked wrongly, \(error)"))
    }
  }

  /// What is asked too late is not done.
  private func answer(to question: AgentQuestion) async throws(PlatformError) -> AgentAnswer {
    guard !question.isLate(atMs: KernelClock.sinceBootMs) else {
      throw .agentNotReached(socket: socket.path, reason: "it read what nobody waits for any more")
    }
    switch question.request {
    case .hello: return .hello(identity)
    case .start(let spec):
      return .replica(try await platform.start(spec, untilMs: question.untilMs))
    case .stop(let instance, let graceMs):
      return .exit(try await platform.stop(instance, graceMs: graceMs))
    case .running: return .replicas(await platform.running())
    case .ends(let after, let waitMs):
      guard let after else { return .ends([], next: await log.count, agent: identity) }
      let (ends, next) = await log.ends(after: after, waiting: .milliseconds(waitMs))
      return .ends(ends, next: next, agent: identity)
    case .leave: return .left
    }
  }
}
