import Foundation
import Testing

/// Several `ledger-appender`s on one ledger, and everything that they were given receipts for.
struct AppenderGroup {
  private(set) var running: [AppenderProcess] = []
  /// Of each writer, in the order in which it got them.
  private(set) var acknowledged: [String: [AppenderProcess.Acknowledgement]] = [:]

  var count: Int { acknowledged.values.reduce(0) { $0 + $1.count } }

  init(_ directory: String, writers: [String]) throws {
    running = try writers.map { try AppenderProcess(directory, writer: $0) }
  }

  /// Reads what they say until `isEnough`.
  mutating func read(until isEnough: (AppenderGroup) -> Bool) throws {
    while !isEnough(self) {
      var polled = running.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
      try #require(poll(&polled, nfds_t(polled.count), -1) > 0)
      for (process, answer) in zip(running, polled) where answer.revents != 0 {
        let new = try #require(try process.acknowledgements(), "\(process.writer) has ended")
        acknowledged[process.writer, default: []] += new
      }
    }
  }

  /// Kills the first `count` of them at once, and reads what they had still said.
  mutating func kill(_ count: Int) throws {
    let dying = running.prefix(count)
    for process in dying { Foundation.kill(process.pid, SIGKILL) }
    for process in dying {
      process.kill()
      while let last = try process.acknowledgements() {
        acknowledged[process.writer, default: []] += last
      }
    }
    running.removeFirst(dying.count)
  }
}

/// Runs `work` on a thread of its own: waiting for processes would block one of the few that tests
/// share.
func onOwnThread<Result: Sendable>(
  _ work: @escaping @Sendable () throws -> Result
) async throws -> Result {
  try await withCheckedThrowingContinuation { answer in
    Thread.detachNewThread { answer.resume(with: Swift.Result { try work() }) }
  }
}
