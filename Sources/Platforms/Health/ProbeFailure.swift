import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// Why a question had no answer, in words that are the same each time.
struct ProbeFailure: Hashable {
  let words: String

  init(_ error: any Error, timeoutMs: Int64) {
    words =
      switch error {
      case let error as HTTPClientError: Self.words(for: error, timeoutMs: timeoutMs)
      case let error as NIOConnectionError:
        error.connectionErrors.lazy.compactMap { $0.error as? IOError }.first
          .map { Self.words(for: $0) } ?? "no connection"
      case let error as IOError: Self.words(for: error)
      case UnixSocketError.timedOut: "no answer within \(timeoutMs) ms"
      case HTTPParserError.invalidEOFState: "closed before its answer was whole"
      case let error as HTTPParserError: "not HTTP: \(error)"
      case is NIOTooManyBytesError: "the answer is too long"
      default: "no answer: \(error)"
      }
  }

  private static func words(for error: HTTPClientError, timeoutMs: Int64) -> String {
    switch error {
    case .deadlineExceeded, .readTimeout, .connectTimeout, .getConnectionFromPoolTimeout:
      "no answer within \(timeoutMs) ms"
    case .remoteConnectionClosed: "closed without an answer"
    case .invalidURL: "the health path is no path"
    default: "no answer: \(error)"
    }
  }

  private static func words(for error: IOError) -> String {
    switch error.errnoCode {
    case ECONNREFUSED: "connection refused"
    case ECONNRESET, EPIPE: "connection reset"
    default: SystemError(code: error.errnoCode).description.lowercased()
    }
  }
}
