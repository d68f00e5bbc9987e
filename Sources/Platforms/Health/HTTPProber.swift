import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Rollouts

/// Asks replicas on this machine, each time on a connection of its own, so that a replica that has
/// stopped listening is noticed.
package struct HTTPProber: Prober {
  private let client: HTTPClient

  /// A health answer longer than this is no health answer.
  private static let bodyLimitBytes = 1 << 20

  package init() {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.httpVersion = .http1Only
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.maximumUsesPerConnection = 1
    client = HTTPClient(
      eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
  }

  /// To be called once, after the last probe.
  package func shutDown() async throws {
    try await client.shutdown()
  }

  package func probe(_ target: ProbeTarget) async -> ProbeResult {
    let start = ContinuousClock.now
    let finding =
      switch target {
      case .process(let process): Self.finding(of: process)
      case .http(let port, let path, let timeoutMs):
        await finding(of: "http://127.0.0.1:\(port)\(path)", timeoutMs: timeoutMs)
      }
    return ProbeResult(
      latencyMicroseconds: (ContinuousClock.now - start).wholeMicroseconds,
      status: finding.status, verdict: finding.verdict, reason: finding.reason)
  }

  private struct Finding {
    var status: Int?
    let verdict: ProbeVerdict
    let reason: String
  }

  private static func finding(of process: ProcessIdentity) -> Finding {
    process.isAlive
      ? Finding(verdict: .pass, reason: "process \(process.pid) runs")
      : Finding(verdict: .fail, reason: "process \(process.pid) is gone")
  }

  private func finding(of url: String, timeoutMs: Int64) async -> Finding {
    do {
      let status = try await race(.milliseconds(timeoutMs)) { [self] in
        try await answer(of: url)
      }
      let isSuccess = (200...299).contains(Int(status.code))
      return Finding(
        status: Int(status.code), verdict: isSuccess ? .pass : .fail,
        reason: status.reasonPhrase.isEmpty
          ? "\(status.code)" : "\(status.code) \(status.reasonPhrase)")
    } catch {
      return Finding(verdict: .fail, reason: ProbeFailure(error, timeoutMs: timeoutMs).words)
    }
  }

  /// The status of an answer that came to its end. The limit is whoever asks for it: the client's
  /// own deadline is over with the answer's head.
  private func answer(of url: String) async throws -> HTTPResponseStatus {
    let response = try await client.execute(HTTPClientRequest(url: url), deadline: .distantFuture)
    _ = try await response.body.collect(upTo: Self.bodyLimitBytes)
    return response.status
  }
}

extension Duration {
  fileprivate var wholeMicroseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
