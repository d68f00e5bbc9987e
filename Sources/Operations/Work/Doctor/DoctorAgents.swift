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
    let (folders, unread) = folders
    let environments = running.union(folders).sorted { $0.rawValue < $1.rawValue }
    guard !environments.isEmpty || unread != nil else {
      return [
        DoctorFinding(
          .agents, "agents", .ok, "nothing runs, and nothing is left", expected: Self.expected)
      ]
    }
    var findings = unread.map { [$0] } ?? []
    for environment in environments {
      findings.append(await finding(environment, runs: running.contains(environment)))
    }
    return findings
  }

  /// The environments that have a folder, and a finding where that could not be read: a project
  /// that never ran anything has none.
  private var folders: (Set<EnvironmentName>, DoctorFinding?) {
    let path = workspace.ledger + "/run"
    do {
      let names = try FileManager.default.contentsOfDirectory(atPath: path)
      return (Set(names.compactMap(EnvironmentName.init(rawValue:))), nil)
    } catch CocoaError.fileReadNoSuchFile {
      return ([], nil)
    } catch {
      return (
        [],
        .unknown(
          .agents, "folders", "\(path) could not be read", expected: Self.expected,
          next: "ls -ld \(path)")
      )
    }
  }

  private func finding(_ environment: EnvironmentName, runs: Bool) async -> DoctorFinding {
    let directory = RunDirectory(of: environment, in: workspace.ledger)
    do {
      let agent = try await AgentClient(directory, patience: patience).hello()
      let pid = agent.process.pid
      return Self.answered(pid, environment, openFiles: Self.openFiles(of: pid))
    } catch .agentNotReached(_, let reason, let lock?) {
      return DoctorFinding(
        .agents, environment.rawValue, .failed, "one lives and does not answer: \(reason)",
        expected: Self.expected, next: PlatformError.ending(holderOf: lock))
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

  /// - Parameter openFiles: Of the process; nil when they could not be read.
  static func answered(
    _ pid: pid_t, _ environment: EnvironmentName, openFiles: [String]?
  ) -> DoctorFinding {
    guard let openFiles else {
      return .unknown(
        .agents, environment.rawValue,
        "process \(pid) answers, and which files it has open could not be read",
        expected: expected, next: "ls -l /proc/\(pid)/fd")
    }
    guard !openFiles.contains(where: isReplaced) else {
      return DoctorFinding(
        .agents, environment.rawValue, .failed,
        "process \(pid) has the files open that a restore has replaced", expected: expected,
        next: "kill \(pid) && stele agent \(environment)")
    }
    return DoctorFinding(
      .agents, environment.rawValue, .ok, "process \(pid) answers", expected: expected)
  }

  /// Nobody opens what stands in `replaced-N`: it was moved there while open, or is gone.
  private static func isReplaced(_ file: String) -> Bool {
    file.contains("/ledger.sqlite")
      && (file.contains("/replaced-") || file.hasSuffix(" (deleted)"))
  }

  /// What a process has open, as far as it is still open when it is looked at; nil for a process
  /// whose files this user may not see.
  static func openFiles(of pid: pid_t) -> [String]? {
    let folder = "/proc/\(pid)/fd"
    let files = FileManager.default
    guard let names = try? files.contentsOfDirectory(atPath: folder) else { return nil }
    // Who may list them may read them: one that cannot be read was closed in between.
    return names.compactMap { try? files.destinationOfSymbolicLink(atPath: folder + "/" + $0) }
  }
}
