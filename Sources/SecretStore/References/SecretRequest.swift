import AsyncHTTPClient
import Events
import Foundation
import NIOCore
import NIOHTTP1

/// One question over HTTP to somebody who keeps secrets: no redirect is followed, and without TLS
/// nobody but this machine is asked.
struct SecretRequest {
  let reference: SecretReference
  let url: String
  let method: HTTPMethod
  let headers: [(String, String)]
  let body: String?

  /// JSON of at most 1 MiB, in ten seconds.
  private static let limitBytes = 1 << 20

  /// - Returns: What was answered, as an object.
  func answer() async throws(SecretSourceError) -> [String: Any] {
    guard let host = URL(string: url)?.host, url.hasPrefix("https://") || Self.isOwn(host) else {
      throw SecretSourceError(reference, "its address is neither https nor on this machine")
    }
    let (status, text) = try await reply()
    guard status == 200 else {
      throw SecretSourceError(reference, "\(host) answers with status \(status)")
    }
    guard let object = try? JSONSerialization.jsonObject(with: text) as? [String: Any] else {
      throw SecretSourceError(reference, "\(host) answers with no JSON object")
    }
    return object
  }

  private static func isOwn(_ host: String) -> Bool {
    ["127.0.0.1", "::1", "localhost"].contains(host)
  }

  private func reply() async throws(SecretSourceError) -> (status: UInt, text: Data) {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.timeout = .init(connect: .seconds(5), read: .seconds(10))
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    var request = HTTPClientRequest(url: url)
    request.method = method
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    request.body = body.map { .bytes(ByteBuffer(string: $0)) }
    let result: Result<(UInt, Data), any Error>
    do {
      let response = try await client.execute(request, timeout: .seconds(10))
      let bytes = try await response.body.collect(upTo: Self.limitBytes)
      result = .success((response.status.code, Data(bytes.readableBytesView)))
    } catch {
      result = .failure(error)
    }
    try? await client.shutdown()
    do { return try result.get() } catch {
      // The whole description of an error may have a header's value in it.
      let words = (error as? HTTPClientError)?.shortDescription ?? "\(type(of: error))"
      throw SecretSourceError(reference, "it was not reached: \(words)")
    }
  }
}
