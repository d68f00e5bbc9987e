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
  let platform: any Platform
  let identity: AgentIdentity
  let socket: UnixSocket
  let log: EndLog
  /// Told when someone asks the agent to leave.
  let leave: Broadcast<Void>

  private static let requestLimitBytes = 4 << 20
  private static let requestLimit = Duration.seconds(10)

  typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  /// Serves until it is cancelled. The socket takes requests when `whenReady` is called.
  func run(whenReady: @Sendable () async -> Void) async throws {
    let folder = try socket.openDirectory()
    let address = socket.address(in: folder)
    unlink(address)
    let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .bind(unixDomainSocketPath: address) { channel in
        channel.eventLoop.makeCompletedFuture {
          try Connection(wrappingChannelSynchronously: channel)
        }
      }
    chmod(address, 0o600)
    try await server.executeThenClose { connections in
      await whenReady()
      try await withThrowingDiscardingTaskGroup { group in
        for try await connection in connections {
          group.addTask { await serve(connection) }
        }
      }
    }
  }

  /// A connection that breaks is its client's to notice; there is nobody to tell here.
  private func serve(_ connection: Connection) async {
    try? await connection.executeThenClose { inbound, outbound in
      let line = try await race(Self.requestLimit) { try await Self.line(from: inbound) }
      let answer = await answer(to: line)
      let bytes = (try? JSONValue.object(answer.json).canonicalBytes()) ?? []
      try await outbound.write(ByteBuffer(bytes: bytes + [UInt8(ascii: "\n")]))
      if answer == .left { leave.tell(()) }
    }
  }

  private static func line(
    from inbound: NIOAsyncChannelInboundStream<ByteBuffer>
  ) async throws -> [UInt8] {
    var line: [UInt8] = []
    for try await chunk in inbound {
      line += chunk.readableBytesView
      if line.last == UInt8(ascii: "\n") { return line.dropLast() }
      guard line.count <= requestLimitBytes else {
        throw UnixSocketError.tooLong(limitBytes: requestLimitBytes)
      }
    }
    return line
  }

  private func answer(to line: [UInt8]) async -> AgentAnswer {
    do {
      return try await answer(to: AgentRequest(json: JSONObject(parsing: line)))
    } catch let error as PlatformError {
      return .failure(error)
    } catch {
      return .failure(.agentAnswer(socket: socket.path, reason: "it was asked wrongly, \(error)"))
    }
  }

  private func answer(to request: AgentRequest) async throws(PlatformError) -> AgentAnswer {
    switch request {
    case .hello: return .hello(identity)
    case .start(let spec): return .replica(try await platform.start(spec))
    case .stop(let instance, let graceMs):
      return .exit(try await platform.stop(instance, graceMs: graceMs))
    case .running: return .replicas(try await platform.running())
    case .ends(let after, let waitMs):
      guard let after else { return .ends([], next: await log.count, agent: identity) }
      let (ends, next) = await log.ends(after: after, waiting: .milliseconds(waitMs))
      return .ends(ends, next: next, agent: identity)
    case .leave: return .left
    }
  }
}
