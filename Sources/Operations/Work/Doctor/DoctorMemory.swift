import LedgerStore
import TransparencyLog

/// What this user has verified of the ledger: that it can be read, and that the ledger goes on from
/// it.
struct DoctorMemory: Sendable {
  private let session: Session?
  private let client: ClientState

  init(_ session: Session?, variables: [String: String]) {
    self.session = session
    client = ClientState(directory: KeyRing.stateDirectory(variables: variables))
  }

  private static let expected = "it goes on from what was verified here, under the pinned key"

  func finding() -> DoctorFinding {
    guard let session else {
      return .unknown(
        .ledger, "remembered", "the ledger does not open", expected: Self.expected,
        next: "stele verify")
    }
    do {
      let lost = try session.ledger.read { try client.compare($0) }
      guard lost.isEmpty else { return Self.finding(lost) }
      return Self.finding(
        remembered: try client.checkpoint(of: session.origin)?.size,
        isPinned: try client.pin(forAnyOf: session.origin) != nil)
    } catch {
      return DoctorFinding(
        .ledger, "remembered", .failed, "\(error)", expected: Self.expected, next: "stele verify")
    }
  }

  private static func finding(_ lost: [LostEntries]) -> DoctorFinding {
    let words = lost.map {
      "entries \($0.positions.lowerBound) to \($0.positions.upperBound - 1) of \($0.origin)"
    }
    return DoctorFinding(
      .ledger, "remembered", .warning,
      "verified here and lost since: \(words.joined(separator: ", "))", expected: expected,
      next: "stele verify")
  }

  private static func finding(remembered: Int?, isPinned: Bool) -> DoctorFinding {
    let known = remembered.map { "\($0) entries" } ?? "nothing yet"
    return DoctorFinding(
      .ledger, "remembered", remembered == nil ? .warning : .ok,
      "\(known) verified by this user, \(isPinned ? "the log's key" : "no key") pinned",
      expected: expected, next: "stele verify")
  }
}
