import Cryptography
import Events
import Foundation
import LedgerStore
import Operations

/// A ledger as `stele init` makes it, filled with health results: the most frequent event there is.
struct BenchLedger {
  let root: String
  /// For commands that are to find its keys.
  let variables: [String: String]
  let session: Session
  let service: Signer

  /// How many there are in the ledger that longer ones are held against.
  static let shortEvents = 10_000

  init(at root: String) async throws {
    let variables = [
      "HOME": root, "XDG_CONFIG_HOME": root + "/keys", "XDG_STATE_HOME": root + "/state",
    ]
    _ = try await Initialization(
      workspace: Workspace(root: root), name: "bench", variables: variables
    ).run()
    try await self.init(reopening: root, variables: variables, for: .appending)
  }

  init(
    reopening root: String, variables: [String: String], for purpose: Ledger.Purpose
  ) async throws {
    self.root = root
    self.variables = variables
    session = try Session.open(Workspace(root: root), for: purpose, variables: variables)
    service = try await session.signer(.service)
  }

  /// The same ledger as another process would open it.
  func reopened(for purpose: Ledger.Purpose = .appending) async throws -> BenchLedger {
    try await BenchLedger(reopening: root, variables: variables, for: purpose)
  }

  /// A copy with the same keys, opened to append; nobody is appending meanwhile.
  func copied(to copy: String) async throws -> BenchLedger {
    try FileManager.default.copyItem(atPath: root, toPath: copy)
    let variables = variables.mapValues { $0.replacing(root, with: copy) }
    return try await BenchLedger(reopening: copy, variables: variables, for: .appending)
  }

  var directory: String { root + "/.stele" }

  /// Signs and records one entry; durable, with a receipt, when it returns.
  func record(_ draft: EntryDraft) async throws {
    _ = try await session.recordFact(draft, by: service)
  }

  /// Records two releases and then entries, in large transactions, and leaves the snapshots that
  /// reading commands open from.
  func fill(entries: Int, eventsAnEntry: Int) async throws {
    try await BenchReleases(session, by: service).record()
    for first in stride(from: 0, to: entries, by: GroupCommit.batchMax) {
      let numbers = first..<min(first + GroupCommit.batchMax, entries)
      let results = try session.ledger.append(try envelopes(numbers, eventsAnEntry))
      for result in results { _ = try result.get() }
    }
    _ = try await session.state()
    await session.finishKeeping()
    try await session.close()
  }

  /// Tells the kernel that the ledger's pages will not be needed; all are written before.
  func dropFromMemory() {
    for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "anchor"] {
      let file = open(directory + "/" + name, O_RDONLY)
      guard file >= 0 else { continue }
      fsync(file)
      posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
      close(file)
    }
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
