import Environments
import Events
import Projections

/// Whether an administrator has said which policy counts, and whether the files still say the same.
struct DoctorPolicy: Sendable {
  private let workspace: Workspace
  private let session: Session?

  private static let expected = "adopted by an administrator, and what the files say"

  init(_ workspace: Workspace, _ session: Session?) {
    self.workspace = workspace
    self.session = session
  }

  func finding() async -> DoctorFinding {
    guard let session, let state = try? await session.state() else {
      return .unknown(
        .policy, "policy", "the ledger does not open", expected: Self.expected,
        next: "stele verify")
    }
    let written: Policy?
    do throws(ConfigurationError) {
      // No variable overrides a policy.
      written = try ProjectFiles(workspace, variables: [:]).writtenPolicy()
    } catch {
      return .unknown(
        .policy, "policy", "\(ConfigurationDirectory.policyFile) is not valid",
        expected: Self.expected, next: "stele config validate")
    }
    guard let adopted = state.policies.adopted else { return unadopted(state) }
    guard adopted.policy == (written ?? .none).digest else {
      return finding(
        .warning, "the files say another than was adopted \(adopted.recorded.seconds)",
        next: "stele policy show")
    }
    return finding(.ok, "adopted \(adopted.recorded.seconds)")
  }

  /// It matters once something runs in production.
  private func unadopted(_ state: LedgerState) -> DoctorFinding {
    let runs = state.running.places.contains {
      $0.environment == KnownEnvironment.production.name
    }
    return runs
      ? finding(
        .warning, "none is adopted: whoever deploys to production says what has to hold",
        next: "stele policy adopt")
      : finding(.ok, "none is adopted, and nothing runs in production")
  }

  private func finding(
    _ verdict: DoctorFinding.Verdict, _ value: String, next: String? = nil
  ) -> DoctorFinding {
    DoctorFinding(.policy, "policy", verdict, value, expected: Self.expected, next: next)
  }
}
