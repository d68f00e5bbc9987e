import Events
import LedgerStore
import Projections

/// Whether somebody has looked lately if what runs is what the ledger says, and what they found.
struct DoctorDrift: Sendable {
  private let session: Session?
  private let time: any TimeSource

  private static let ageMsMax = 24 * 3_600_000
  private static let expected = "compared within a day, and nothing found"

  init(_ session: Session?, time: any TimeSource) {
    self.session = session
    self.time = time
  }

  func findings() async -> [DoctorFinding] {
    guard let session, let state = try? await session.state() else {
      return [
        .unknown(
          .drift, "drift", "the ledger does not open", expected: Self.expected,
          next: "stele verify")
      ]
    }
    let places = state.running.places
    guard !places.isEmpty else {
      return [DoctorFinding(.drift, "drift", .ok, "nothing runs", expected: Self.expected)]
    }
    return places.map { finding($0, state.drifts) }
  }

  private func finding(_ place: Place, _ drifts: Drifts) -> DoctorFinding {
    let environment = place.environment.rawValue
    func finding(_ verdict: DoctorFinding.Verdict, _ value: String) -> DoctorFinding {
      DoctorFinding(
        .drift, environment, verdict, value, expected: Self.expected,
        next: "stele drift \(environment)")
    }
    guard let scan = drifts.scan(of: place) else {
      return finding(.warning, "it runs, and nobody ever compared it with the ledger")
    }
    let ageMs = Int(time.now().microseconds(since: scan.recorded) / 1_000)
    guard ageMs <= Self.ageMsMax else {
      return finding(.warning, "last compared with the ledger \(scan.recorded.seconds)")
    }
    let open = drifts.open(in: place).count
    return open == 0
      ? finding(.ok, "compared \(scan.recorded.seconds)")
      : finding(.warning, "\(open) found and not resolved since \(scan.recorded.seconds)")
  }
}
