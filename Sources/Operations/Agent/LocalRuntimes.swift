import Environments
import Events
import Platforms
import SecretStore

/// Environments on this machine: an agent each, HAProxy in front, probes over loopback.
package struct LocalRuntimes: RuntimeProvider {
  private let workspace: Workspace
  private let executable: String
  private let identity: [String]
  private let variables: [String: String]
  private let prober = HTTPProber()

  /// - Parameters:
  ///   - executable: The path of `stele`, which is also the agent.
  ///   - identity: Arguments that say who starts an agent: `--key FILE`.
  ///   - variables: Of this process; the agent gets them, its replicas do not.
  package init(
    _ workspace: Workspace, executable: String, identity: [String] = [], variables: [String: String]
  ) {
    self.workspace = workspace
    self.executable = executable
    self.identity = identity
    self.variables = variables.merging(["STELE_LEDGER": workspace.ledger]) { _, own in own }
  }

  /// Those of an agent that is started from here.
  package var sources: SecretSources { SecretSources(variables: variables) }

  package func preflight(
    _ configuration: ResolvedConfiguration, for cause: ReleaseCause
  ) async -> [String] {
    let directory = RunDirectory(of: configuration.environment.name.name, in: workspace.ledger)
    let ports = configuration.application.components.compactMap(\.port)
    let allocation = Allocation(configuration.application)
    let needed = allocation.surge(
      configuration.environment.deployment.strategy,
      maxSurge: configuration.application.rollout.maxSurge)
    var checks: [PreflightCheck] = [.router(.standard)]
    if cause != .rollback {  // What used up the room may be what is rolled back.
      checks += [
        .processors(neededMilli: Int64(allocation.largestMilliCPU)),
        .memory(neededBytes: Int64(needed.memoryBytes)),
        .disk(path: workspace.root, neededBytes: Int64(needed.storageBytes)),
      ]
    }
    var obstacles: [String] = []
    do {
      let bound = try await HAProxyRouter(directory).ports()
      checks += ports.filter { !bound.contains($0) }.map { .port($0) }
    } catch {
      obstacles.append("\(error)")
    }
    return obstacles
      + (await Preflight.run(checks)).filter { $0.verdict != .pass }.map { finding in
        "\(finding.reason). \(finding.remedy ?? "")"
      }
  }

  package func runtime(of environment: EnvironmentName) async throws -> EnvironmentRuntime {
    let directory = RunDirectory(of: environment, in: workspace.ledger)
    let launcher = AgentLauncher(
      directory,
      command: [executable, "agent", environment.rawValue] + identity,
      variables: variables, workingDirectory: workspace.root)
    _ = try await launcher.ensureRunning()
    return EnvironmentRuntime(
      platform: AgentClient(directory, launcher: launcher), router: HAProxyRouter(directory),
      prober: prober)
  }

  package func sight(of environment: EnvironmentName) -> EnvironmentSight {
    let directory = RunDirectory(of: environment, in: workspace.ledger)
    return EnvironmentSight(
      platform: AgentClient(directory), router: HAProxyRouter(directory),
      hasRouter: { RuntimeSight(of: directory).hasRouter }, processes: ProcessFiles())
  }

  /// To be called once, after the last rollout.
  package func shutDown() async throws { try await prober.shutDown() }
}

extension PlatformError: ExitingError {
  package var exitStatus: ExitStatus { .unavailable }
}

extension RouterError: ExitingError {
  package var exitStatus: ExitStatus { .unavailable }
}
