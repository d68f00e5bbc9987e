import CanonicalJSON
import Events
import Projections

@testable import LedgerStore
@testable import Operations

extension Shop {
  /// Every answer; the store's own state has the same name.
  typealias Answers = Projections.LedgerState

  /// A count that no folding of a shop's ledger gives: whoever shows it took the snapshot.
  static let mark = 7_777

  /// Another process that only reads.
  func reading() throws -> Session {
    try Session.open(workspace, for: .reading, variables: variables, time: time)
  }

  /// Every entry folded from the first, without snapshots.
  func folded() throws -> Answers {
    let size = try session.ledger.head().size
    return try session.ledger.read { reader in
      var state = Answers()
      try reader.forEachRecorded(in: 0..<size) { state.apply($0) }
      return state
    }
  }

  /// The state of every size up to `size`.
  func states(upTo size: Int) async throws -> [Answers] {
    var states: [Answers] = []
    for size in 0...size { states.append(try await session.state(ofSize: size)) }
    return states
  }

  /// Stores, under this ledger's key, a state that says something only it could know.
  func leaveMarkedSnapshot(revision: Int = Answers.revision) async throws {
    let state = try await session.state()
    var json = state.snapshot.objectValue ?? [:]
    json["unreadable"] = .integer(Int64(Self.mark))
    try store(JSONValue.object(json).canonicalBytes(), size: state.size, revision: revision)
  }

  func store(
    _ bytes: [UInt8], size: Int, revision: Int = Answers.revision
  ) throws {
    try session.ledger.store(
      Snapshot(name: Answers.name, revision: revision, size: size, bytes: bytes))
  }

  func newest(upTo size: Int? = nil) throws -> Snapshot? {
    try session.ledger.snapshot(
      Answers.name, revision: Answers.revision, upTo: size ?? session.ledger.head().size)
  }

  /// The columns of the one snapshot, as SQL.
  func snapshotRow() throws -> String? {
    let columns = ["name", "revision", "size", "root", "hmac", "bytes"]
    return try Connection(path: workspace.ledger + "/ledger.sqlite", access: .reading).text(
      "SELECT \(columns.map { "quote(\($0))" }.joined(separator: " || ',' || ")) FROM snapshot")
  }

  func alter(_ sql: String) throws {
    try Connection(path: workspace.ledger + "/ledger.sqlite", access: .writing).execute(sql)
  }

  /// Records one entry of passing probes, each of an instance of its own.
  func probe(events: Int) async throws {
    let place = Self.staging
    let probes = (0..<events).map { number in
      DraftEvent(
        HealthChecked(
          component: "web", instance: InstanceName(stringLiteral: "web-\(number)"),
          latencyUs: number, verdict: .pass),
        in: .health(place.application, place.environment), scope: place.scope)
    }
    _ = try await session.recordFact(EntryDraft(probes), by: session.signer(.service))
  }

  /// Another process that appends, and stores a snapshot of whatever is new.
  func keeping() throws -> Session {
    let ledger = try Ledger.open(
      directory: workspace.ledger, secrets: session.keys.secrets(), time: time)
    return Session(
      workspace: workspace, ledger: ledger, keys: session.keys, origin: session.origin, time: time,
      random: session.random, snapshotInterval: 1)
  }
}
