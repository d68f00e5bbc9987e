import Access
import Environments
import Events
import LedgerStore
import Projections
import Resources

/// `stele cost import`: records what bills say.
package struct CostWork: Sendable {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// Records what is new of bills, and of what they say otherwise than before the new.
  ///
  /// Commit points: one entry for each environment, several where there is much of it. A crash in
  /// between leaves the rest to the same import again, which records only what is missing. Of two
  /// at once the later finds what the other has recorded.
  ///
  /// - Parameter isReplacing: Whether what the bills say otherwise than before is recorded too.
  /// - Returns: What has changed in each environment: a day of a bill that one has no more may be
  ///   another's by now.
  /// - Throws: ``CostsContradicted``, before anything is decided or recorded; ``AccessDenied``
  ///   after the denial was; ``BillError``.
  package func record(
    _ billed: BilledCosts, of application: ApplicationName, isReplacing: Bool, by person: Signer
  ) async throws -> [CostChanges] {
    let places = KnownEnvironment.allCases.map { Place(application, $0.name) }
    let planned = try await session.changes(by: billed, in: places)
    if !isReplacing { try CostsContradicted.check(planned) }
    var granted: [Place: Authorization] = [:]
    for (place, change) in zip(places, planned) where !change.changes.isEmpty {
      granted[place] = try await session.authorize(.importCost, by: person, in: place)
    }
    for place in places {
      guard let authorization = granted[place] else { continue }
      try await session.resting(
        on: authorization, .importCost, by: person, application: application,
        environment: place.environment
      ) { session, _, granted in
        try session.record(
          billed, in: place, isReplacing: isReplacing, on: granted, by: session.service(for: person)
        )
      }
    }
    return planned
  }
}

extension Session {
  /// What one place has cost by its bills, and the version of its stream.
  ///
  /// - Parameter size: Of the ledger's first entries; nil for all.
  /// - Throws: `LedgerError` for an entry that is not what was signed, or that is not found.
  package func costs(
    of place: Place, inSize size: Int? = nil
  ) throws -> (costs: Costs, version: Int) {
    let stream = StreamName.cost(place.application, place.environment)
    return try ledger.read { reader in
      let version = try reader.version(of: stream, inSize: size ?? .max)
      let entries = try reader.entries(of: stream, inSize: size ?? .max)
      // What retention has pruned says nothing any more.
      let positions = entries.filter { $0.body != nil }.map(\.position)
      var costs = Costs()
      for entry in try reader.proven(at: Set(positions)) {
        for event in entry.events { costs.apply(event) }
      }
      return (costs, version)
    }
  }

  /// What is known of this month's costs; nil where no budget asks.
  func spending(in place: Place, by policy: Policy) throws -> Spending? {
    guard let environment = KnownEnvironment(place.environment),
      policy.budget(of: environment) != nil
    else { return nil }
    let state = try state()
    let first = state.releases.all(in: place).first { $0.deployment != nil }
    return Spending(
      try costs(of: place).costs, firstDeployed: first?.recorded, at: time.now())
  }

  fileprivate func changes(by billed: BilledCosts, in places: [Place]) throws -> [CostChanges] {
    try places.map { try changes(by: billed, in: $0, against: costs(of: $0).costs) }
  }

  private func changes(
    by billed: BilledCosts, in place: Place, against known: Costs
  ) throws -> CostChanges {
    guard let environment = KnownEnvironment(place.environment) else {
      preconditionFailure("\(place) was made of an environment that there is")
    }
    return CostChanges(
      of: try billed.money(in: environment), on: billed.days, in: billed.currency, against: known,
      environment: environment)
  }

  /// Events of one entry: with the longest names of services they are within its body.
  private static let eventsPerEntry = 500

  /// Records what is missing of a place's costs now.
  fileprivate func record(
    _ billed: BilledCosts, in place: Place, isReplacing: Bool, on granted: Authorization,
    by service: Signer
  ) throws {
    let (known, version) = try costs(of: place)
    let change = try changes(by: billed, in: place, against: known)
    if !isReplacing { try CostsContradicted.check([change]) }
    let stream = StreamName.cost(place.application, place.environment)
    let events = change.changes.map { one in
      DraftEvent(
        CostImported(
          amount: one.after, from: one.charge.from, until: one.charge.until,
          service: one.charge.service, bill: one.charge.bill, source: billed.source),
        in: stream, scope: place.scope)
    }
    var next = version + 1
    for begin in stride(from: 0, to: events.count, by: Self.eventsPerEntry) {
      let some = events[begin..<min(begin + Self.eventsPerEntry, events.count)]
      _ = try record(
        EntryDraft(Array(some), expects: granted.expects, because: [granted.decision]),
        by: service, versions: [stream: next])
      next += some.count
    }
  }
}

/// Bills say something else than what is recorded of the same charges; nothing was recorded.
package struct CostsContradicted: ExitingError, Equatable {
  package let changes: [CostChanges]

  /// - Throws: Itself, where something recorded would be replaced or taken back.
  static func check(_ changes: [CostChanges]) throws(CostsContradicted) {
    guard changes.allSatisfy(\.contradictions.isEmpty) else {
      throw CostsContradicted(changes: changes)
    }
  }

  package var exitStatus: ExitStatus { .badData }

  /// How many charges are named.
  private static let namedMax = 5

  package var description: String {
    let lines = changes.flatMap { change in
      change.contradictions.map { "  \(change.environment) \($0.words)" }
    }
    let more = lines.count - Self.namedMax
    return """
      Nothing was recorded: of \(lines.count) charges the bill says something else than what was \
      imported before.
      \(lines.prefix(Self.namedMax).joined(separator: "\n"))\
      \(more > 0 ? "\n  and \(more) more" : "")
      If it is the newer bill and whole, put it in place of the other with --replace.
      """
  }
}

extension CostChanges.Change {
  /// `2026-11-03 compute: 12.00 EUR, now 11.50 EUR`.
  fileprivate var words: String {
    let day = String("\(charge.from)".prefix(10))
    let now = isTakenBack ? "not in the bill" : "now \(after)"
    return "\(day) \(VisibleText.escaped(charge.service.text)): "
      + "\(before.map { "\($0), " } ?? "")\(now)"
  }
}

extension BillFault: ExitingError {
  package var exitStatus: ExitStatus { .badData }
}

extension BillError: ExitingError {
  package var exitStatus: ExitStatus {
    switch self {
    case .unreadable: .unavailable
    case .nothingAssigned, .tooLarge: .badData
    }
  }
}
