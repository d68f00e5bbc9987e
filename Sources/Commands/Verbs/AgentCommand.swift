import Access
import ArgumentParser
import Environments
import Events
import Logging
import Operations
import Platforms
import SecretStore

/// `stele agent`: the parent of an environment's replicas; a deployment starts it by itself.
package struct AgentCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "agent",
    abstract: "Keep an environment's replicas running and watched; deployments start it.",
    discussion: """
      Runs until it is sent SIGTERM. Its replicas run on without it, and the next one adopts them.
      Whoever starts it has to be allowed to, which is recorded.
      """)

  @OptionGroup var environment: EnvironmentArgument
  @OptionGroup var identity: IdentityOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let known = try environment.detect(in: context).certain()
    let environment = known.name
    let workspace = try context.workspace()
    let session = try context.appending()
    let person = try await session.person(identity.credential(in: context))
    _ = try await session.authorize(
      .runAgent, by: person, in: try await context.keptPlace(known, in: session))
    let directory = RunDirectory(of: environment, in: workspace.ledger)
    let prober = HTTPProber()
    let companion = AgentCompanion(
      session, environment: environment, router: HAProxyRouter(directory), prober: prober,
      log: Logger(label: "stele.agent.\(environment)") { StreamLogHandler.standardError(label: $0) }
    )
    do {
      try await Agent(
        directory, observer: companion,
        secrets: AgentSecrets(session, from: SecretSources(variables: context.variables))
      ).run()
      try await prober.shutDown()
      try await session.close()
    } catch {
      try await prober.shutDown()
      throw error
    }
  }
}
