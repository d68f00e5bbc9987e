import Events
import Foundation
import Platforms
import Projections

/// The agents: one that answers wherever something runs, and nothing left of others.
struct DoctorAgents: Sendable {
  private let workspace: Workspace
  private let session: Session?
  private let patience: Duration

  init(_ workspace: Workspace, session: Session?, patience: Duration = .seconds(2)) {
    self.workspace = workspace
    self.session = session
    self.patience = patience
  }

  private static let expected = "one that answers where something runs, no folder elsewhere"

  func findings() async -> [DoctorFinding] {
    guard let session, let state = try? await session.state() else {
      return [
        .unknown(
          .agents, "agents", "the ledger does not say what runs", expected: Self.expected,
          next: "stele verify")
      ]
    }
    let running = Set(state.running.places.map(\.environment))
    let names = (try? FileManager.default.contentsOfDirectory(atPath: workspace.ledger + "/run"))
    let folders = Set((names ?? []).compactMap(EnvironmentName.init(rawValue:)))
    let environments = running.union(folders).sorted { $0.rawValue < $1.rawValue }
    guard !environments.isEmpty else {
      return [
        DoctorFinding(
          .agents, "agents", .ok, "nothing runs, and nothing is left", expected: Self.expected)
      ]
    }
    var findings: [DoctorFinding] = []
    for environment in environments {
      findings.append(await finding(environment, runs: running.contains(environment)))
    }
    return findings
  }

  private func finding(_ environment: EnvironmentName, runs: Bool) async -> DoctorFinding {
    let directory = RunDirectory(of: environment, in: workspace.ledger)
    do {
      let agent = try await AgentClient(directory, patience: patience).hello()
      return answered(agent, environment)
    } catch {
      return runs
        ? DoctorFinding(
          .agents, environment.rawValue, .failed, "it runs, and no agent answers: \(error)",
          expected: Self.expected, next: "stele agent \(environment)")
        : DoctorFinding(
          .agents, environment.rawValue, .warning, "nothing runs, and \(directory.path) is left",
          expected: Self.expected, next: "rm -r \(directory.path)")
    }
  }

  private func answered(
    _ agent: AgentIdentity, _ environment: EnvironmentName
  ) -> DoctorFinding {
    let pid = agent.process.pid
    guard !hasReplacedFiles(pid) else {
      return DoctorFinding(
        .agents, environment.rawValue, .failed,
        "process \(pid) has the files open that a restore has replaced", expected: Self.expected,
        next: "kill \(pid) && stele agent \(environment)")
    }
    return DoctorFinding(
      .agents, environment.rawValue, .ok, "process \(pid) answers", expected: Self.expected)
  }

  /// Nobody opens what stands in `replaced-N`: it was moved there while open, or is gone.
  private func hasReplacedFiles(_ pid: pid_t) -> Bool {
    let folder = "/proc/\(pid)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.contains { name in
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/" + name)
      guard let target, target.contains("/ledger.sqlite") else { return false }
      return target.contains("/replaced-") || target.hasSuffix(" (deleted)")
    }
  }
}
