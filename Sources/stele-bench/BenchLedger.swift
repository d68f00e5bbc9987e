import Cryptography
import Events
import LedgerStore
import Operations

/// A ledger as `stele init` makes it, filled with health results: the most frequent event there is.
struct BenchLedger {
  let root: String
  /// For commands that are to find its keys.
  let variables: [String: String]
  let session: Session
  let service: Signer

  init(at root: String) async throws {
    self.root = root
    variables = [
      "HOME": root, "XDG_CONFIG_HOME": root + "/keys", "XDG_STATE_HOME": root + "/state",
    ]
    let workspace = Workspace(root: root)
    _ = try await Initialization(workspace: workspace, name: "bench", variables: variables).run()
    session = try Session.open(workspace, for: .appending, variables: variables)
    service = try await session.signer(.service)
  }

  var directory: String { root + "/.stele" }

  /// Signs and records one entry; durable, with a receipt, when it returns.
  func record(_ draft: EntryDraft) async throws {
    _ = try await session.recordFact(draft, by: service)
  }

  /// Records entries in large transactions, and leaves the snapshot that reading commands open
  /// from.
  func fill(entries: Int, eventsAnEntry: Int) async throws {
    for first in stride(from: 0, to: entries, by: GroupCommit.batchMax) {
      let numbers = first..<min(first + GroupCommit.batchMax, entries)
      let results = try session.ledger.append(try envelopes(numbers, eventsAnEntry))
      for result in results { _ = try result.get() }
    }
    _ = try await session.state()
    await session.finishKeeping()
    try await session.close()
  }

  private func envelopes(_ numbers: Range<Int>, _ eventsAnEntry: Int) throws -> [SignedEnvelope] {
    let ledger = session.ledger
    let writer = EntryWriter(
      origin: session.origin, seen: try ledger.head().seen, at: session.time.now(),
      random: session.random)
    return try numbers.map { number in
      let before = (number - numbers.lowerBound) * eventsAnEntry
      return try writer.envelope(
        Self.draft(eventsAnEntry, from: number * eventsAnEntry), as: writer.newID(),
        signedBy: service
      ) { try ledger.version(of: $0) + 1 + before }
    }
  }

  /// Health results of about 400 bytes each with their share of the header.
  static func draft(_ count: Int, from number: Int) throws -> EntryDraft {
    let scope = Scope(
      application: try ApplicationName(parsing: "tamma"),
      environment: try EnvironmentName(parsing: "production"))
    let stream = try StreamName(parsing: "health/tamma.production")
    let component = try ComponentName(parsing: "orchestrator")
    let instance = try InstanceName(parsing: "orchestrator-1")
    return EntryDraft(
      (0..<count).map { index in
        let latency = 1_000 + (number + index) * 7_919 % 90_000
        return DraftEvent(
          HealthChecked(
            component: component, instance: instance, latencyUs: latency, status: 503,
            verdict: .fail, reason: MachineWords(words(latency))),
          in: stream, scope: scope)
      })
  }

  private static func words(_ latency: Int) -> String {
    """
    answered 503 Service Unavailable after \(latency) us, wanted 200...299 within 500000 us; the \
    body began with: upstream connect error or disconnect/reset before headers, reset reason \
    connection failure, transport failure reason: delayed connect error 111
    """
  }
}
