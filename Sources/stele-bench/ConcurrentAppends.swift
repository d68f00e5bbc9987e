import Cryptography
import LedgerStore
import Operations

/// Many who append at once through one process, as a server's callers do: whoever comes while a
/// transaction is syncing shares the next.
struct ConcurrentAppends {
  static let callers = 64
  static let repetitions = 50

  private let writers: [BenchWriter]
  private let group: GroupCommit

  init(in folder: TemporaryFolder) async throws {
    let ledger = try await BenchLedger(at: folder.making("concurrent"))
    group = GroupCommit(ledger.session.ledger)
    writers = try (0..<Self.callers).map { try BenchWriter($0, ledger.session, ledger.service) }
  }

  /// How long every append of `callers` took, each of whom signs and appends without a pause.
  func waits(of callers: Int) async throws -> [Duration] {
    try await withThrowingTaskGroup(of: [Duration].self) { tasks in
      for writer in writers.prefix(callers) {
        tasks.addTask { [group] in
          var waits: [Duration] = []
          for _ in 0..<Self.repetitions {
            let envelope = try writer.envelope()
            waits.append(
              try await ContinuousClock().measure { _ = try await group.append(envelope) })
          }
          return waits
        }
      }
      return try await tasks.reduce(into: []) { $0 += $1 }
    }
  }
}

/// How many entries of many callers are durable in a second, against the lower of eight times as
/// many as one caller's, and bare signatures on all cores.
struct ConcurrentRate: Comparison {
  let appends: ConcurrentAppends
  private let key = SigningKey.generate()

  init(of appends: ConcurrentAppends) { self.appends = appends }

  var name: String { "\(ConcurrentAppends.callers) concurrent appenders" }
  var limit: String { "the lower of 8 × one appender and bare signing on all cores" }
  var bar: Bar { .atLeast(0.7) }

  func measureWork() async throws -> Measure { try await rate(of: ConcurrentAppends.callers) }

  func measureLimit() async throws -> Measure {
    .perSecond(min(8 * (try await rate(of: 1)).value, try await signing().value))
  }

  private func rate(of callers: Int) async throws -> Measure {
    try await .rate(of: callers * ConcurrentAppends.repetitions) {
      _ = try await appends.waits(of: callers)
    }
  }

  private func signing() async throws -> Measure {
    let (cores, share) = (Machine.current().cores, 2_000)
    let header = [UInt8](repeating: 0x61, count: 600)
    return await .rate(of: cores * share) {
      await withTaskGroup { tasks in
        for _ in 0..<cores {
          tasks.addTask { [key] in for _ in 0..<share { _ = key.sign(header) } }
        }
      }
    }
  }
}

/// How long all but one in a hundred of many callers wait at most, against one commit.
struct ConcurrentWait: Comparison {
  let appends: ConcurrentAppends

  var name: String { "p99 of an append, \(ConcurrentAppends.callers) concurrent appenders" }
  var limit: String { "one append by itself" }
  var bar: Bar { .atMost(10) }

  func measureWork() async throws -> Measure {
    Percentiles(try await appends.waits(of: ConcurrentAppends.callers)).p99
  }

  func measureLimit() async throws -> Measure { Percentiles(try await appends.waits(of: 1)).median }
}
