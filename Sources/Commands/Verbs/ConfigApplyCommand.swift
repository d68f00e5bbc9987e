import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele config apply`: records what an environment shall be.
package struct ConfigApplyCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Record the configuration of an environment; it runs once it is deployed.")

  @OptionGroup var environment: EnvironmentArgument

  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let environment = try environment.detect(in: context).certain()
    let workspace = try context.workspace()
    let project = try context.load(environment, in: workspace)
    try context.confirm(environment, "Record this configuration for production?", yes: consent.yes)
    let session = try context.appending()
    let configuration = try await session.wanted(project).resolved
    let person = try await session.person(identity.credential(in: context))
    let applied = try await ConfigurationWork(session).apply(
      configuration, policy: try context.files(of: workspace).policy(), by: person,
      reason: consent.reason)
    let running = try await session.state().running.running(in: configuration.place)
    try await session.close()
    // The newest build, which a deployment takes by itself, may be one that was rolled back.
    let view = AppliedView(
      applied, environment, schema: "stele.config.apply", deploying: running?.build)
    try context.present(view.document, as: output.output)
  }
}
