import Events
import LedgerStore
import Operations

/// One of several who append: health results of an environment of its own, so that nobody's entry
/// is in the way of another's.
struct BenchWriter: Sendable {
  private let session: Session
  private let service: Signer
  private let draft: EntryDraft

  init(_ number: Int, _ session: Session, _ service: Signer) throws {
    self.session = session
    self.service = service
    let environment = try EnvironmentName(parsing: "writer-\(number)")
    let application = try ApplicationName(parsing: "tamma")
    draft = EntryDraft([
      DraftEvent(
        HealthChecked(
          component: try ComponentName(parsing: "orchestrator"),
          instance: try InstanceName(parsing: "orchestrator-1"), latencyUs: 1_200, status: 200,
          verdict: .pass, reason: nil),
        in: .health(application, environment),
        scope: Scope(application: application, environment: environment))
    ])
  }

  /// Its next entry, signed.
  func envelope() throws -> SignedEnvelope {
    let ledger = session.ledger
    let writer = EntryWriter(
      origin: session.origin, seen: try ledger.head().seen, at: session.time.now(),
      random: session.random)
    return try writer.envelope(draft, as: writer.newID(), signedBy: service) {
      try ledger.version(of: $0) + 1
    }
  }
}
