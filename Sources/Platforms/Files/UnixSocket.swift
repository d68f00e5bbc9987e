import Glibc
import NIOCore
import NIOPosix

/// A socket file. Its path may be of any length: the kernel allows 107 bytes in an address, so it
/// is reached through an open descriptor of its directory, as `/proc/self/fd/N/NAME`.
package struct UnixSocket: Hashable, Sendable {
  package let directory: String
  /// At most 80 bytes.
  package let name: String

  package var path: String { "\(directory)/\(name)" }

  /// Sends one request on a connection of its own and collects everything until the other side
  /// closes it.
  ///
  /// - Throws: ``UnixSocketError`` when nobody listens, when the answer is longer than
  ///   `limitBytes`, or when it is not complete after `timeout`.
  func ask(
    _ request: [UInt8], limitBytes: Int = 16 << 20, timeout: Duration = .seconds(10)
  ) async throws(UnixSocketError) -> [UInt8] {
    do {
      return try await race(timeout) {
        try await exchange(request, limitBytes: limitBytes)
      }
    } catch let error as UnixSocketError {
      throw error
    } catch {
      throw .failed("\(error)")
    }
  }

  private func exchange(_ request: [UInt8], limitBytes: Int) async throws -> [UInt8] {
    let folder = try openDirectory()
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(unixDomainSocketPath: address(in: folder)) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    withExtendedLifetime(folder) {}  // Its number is in the address.
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(bytes: request))
      return try await Self.collect(inbound, limitBytes: limitBytes)
    }
  }

  private static func collect(
    _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, limitBytes: Int
  ) async throws -> [UInt8] {
    var answer: [UInt8] = []
    for try await chunk in inbound {
      answer += chunk.readableBytesView
      guard answer.count <= limitBytes else {
        throw UnixSocketError.tooLong(limitBytes: limitBytes)
      }
    }
    return answer
  }

  func openDirectory() throws(UnixSocketError) -> Descriptor {
    do {
      return try Descriptor.open(directory, O_RDONLY | O_DIRECTORY)
    } catch {
      throw .failed("\(directory): \(error)")
    }
  }

  /// Valid while the descriptor is open.
  func address(in folder: Descriptor) -> String { "\(folder.path)/\(name)" }
}

/// Why there is no answer from a socket.
enum UnixSocketError: Error, Hashable {
  case timedOut(Duration)
  case tooLong(limitBytes: Int)
  case failed(String)
}

extension UnixSocketError: CustomStringConvertible {
  var description: String {
    switch self {
    case .timedOut(let limit): "no complete answer within \(limit)"
    case .tooLong(let limitBytes): "the answer is longer than \(limitBytes) bytes"
    case .failed(let reason): reason
    }
  }
}
