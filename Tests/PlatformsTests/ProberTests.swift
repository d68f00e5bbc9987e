import Glibc
import Platforms
import Rollouts
import Testing

/// No answer is not health, and each way of not answering has its words.
@Suite struct ProberTests {
  let prober = HTTPProber()

  private func probe(
    _ manner: RawListener.Manner, path: String = "/health", timeoutMs: Int64 = 240_000
  ) async throws -> ProbeResult {
    let listener = try RawListener { _ in manner }
    let result = await prober.probe(
      .http(port: listener.port, path: path, timeoutMs: timeoutMs))
    listener.close()
    try await prober.shutDown()
    return result
  }

  private static func answer(_ status: String, _ rest: String = "Content-Length: 0\r\n\r\n")
    -> RawListener.Manner
  {
    .bytes(Array("HTTP/1.1 \(status)\r\n\(rest)".utf8))
  }

  @Test(arguments: ["200 OK", "204 No Content", "299 Own Word"])
  func `any status of success is a pass`(status: String) async throws {
    let result = try await probe(Self.answer(status))

    #expect(result.verdict == .pass)
    #expect(result.status == Int(status.prefix(3)))
    #expect(result.reason == (status.hasPrefix("299") ? "299" : status))
    #expect(result.latencyMicroseconds > 0)
  }

  @Test(arguments: [
    "302 Found", "404 Not Found", "500 Internal Server Error", "503 Service Unavailable",
  ])
  func `any other status is a failure`(status: String) async throws {
    let result = try await probe(Self.answer(status, "Location: /\r\nContent-Length: 0\r\n\r\n"))

    #expect(result.verdict == .fail)
    #expect(result.status == Int(status.prefix(3)))
    #expect(result.reason == status)
  }

  @Test func `a redirect is not followed`() async throws {
    let target = try RawListener { _ in Self.answer("200 OK") }

    let result = try await probe(
      Self.answer(
        "301 Moved Permanently",
        "Location: http://127.0.0.1:\(target.port)/\r\nContent-Length: 0\r\n\r\n"))

    #expect(result.verdict == .fail)
    #expect(result.reason == "301 Moved Permanently")
    target.close()
  }

  @Test(arguments: [
    (RawListener.Manner.silence, "no answer within 150 ms"),
    (
      .half(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".utf8)),
      "no answer within 150 ms"
    ),
    (.half(Array("HTTP/1.1 2".utf8)), "no answer within 150 ms"),
  ])
  func `an answer that is not complete in time is none`(
    manner: RawListener.Manner, reason: String
  ) async throws {
    let result = try await probe(manner, timeoutMs: 150)

    #expect(result.verdict == .fail)
    #expect(result.reason == reason)
  }

  @Test(arguments: [
    (RawListener.Manner.bytes([]), "closed without an answer"), (.reset, "connection reset"),
    (
      .bytes(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".utf8)),
      "closed before its answer was whole"
    ),
    (.bytes(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)), "not HTTP"),
    (
      answer(
        "200 OK",
        "Content-Length: 1100000\r\n\r\n" + String(repeating: "x", count: 1_100_000)),
      "the answer is too long"
    ),
  ])
  func `an answer that is none says how`(
    manner: RawListener.Manner, reason: String
  ) async throws {
    let result = try await probe(manner)

    #expect(result.verdict == .fail)
    #expect(result.reason.hasPrefix(reason), "\(result.reason)")
  }

  @Test func `nobody there is a refusal, at once`() async throws {
    let port = freePorts(1)[0]

    let result = await prober.probe(.http(port: port, path: "/", timeoutMs: 60_000))

    #expect(result.verdict == .fail)
    #expect(result.reason == "connection refused")
    try await prober.shutDown()
  }

  @Test func `each probe has a connection of its own`() async throws {
    let listener = try RawListener { question in
      Self.answer("200 OK", "Content-Length: \(question.isEmpty ? 1 : 0)\r\n\r\n")
    }
    for _ in 0..<3 {
      let result = await prober.probe(
        .http(port: listener.port, path: "/", timeoutMs: 60_000))
      #expect(result.verdict == .pass)
    }
    listener.close()
    try await prober.shutDown()
  }

  @Test func `a process that is there passes, and one that is not does not`() async throws {
    let own = try #require(ProcessIdentity(of: getpid()))
    let later = ProcessIdentity(pid: own.pid, startTicks: own.startTicks + 1)

    let here = await prober.probe(.process(own))
    let gone = await prober.probe(.process(later))

    #expect(here.verdict == .pass)
    #expect(here.reason == "process \(own.pid) runs")
    #expect(gone.verdict == .fail)
    #expect(gone.reason == "process \(own.pid) is gone")
    try await prober.shutDown()
  }
}
