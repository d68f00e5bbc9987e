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
    let configuration = try context.resolve(environment, in: workspace)
    try context.confirm(environment, "Record this configuration for production?", yes: consent.yes)
    let session = try context.appending()
    let person = try await session.person(keyAt: identity.path(in: context))
    let applied = try await ConfigurationWork(session).apply(
      configuration, policy: try context.files(of: workspace).policy(), by: person,
      reason: consent.reason)
    let running = try await session.state().running.running(in: configuration.place)
    try await session.close()
    try context.present(document(applied, environment, running), as: output.output)
  }

  /// The build that runs: the newest one, which a deployment takes by itself, may be one that was
  /// rolled back.
  private func build(_ running: RunningReleases.Running?) -> String {
    running.map { " --build \($0.build.shortText)" } ?? ""
  }

  private func document(
    _ applied: ConfigurationWork.Applied, _ environment: KnownEnvironment,
    _ running: RunningReleases.Running?
  ) -> Document {
    switch applied {
    case .unchanged(let version):
      let fields: JSONObject = [
        "changed": false, "configuration": .integer(Int64(version)),
        "environment": .string(environment.rawValue),
      ]
      return Document(
        schema: "stele.config.apply", fields: fields, records: [fields],
        text: ["nothing to record: \(environment) has this configuration as version \(version)"])
    case .applied(let release, let version, let difference):
      let fields: JSONObject = [
        "changed": true, "configuration": .integer(Int64(version)),
        "difference": .array(difference.map { .object($0.json) }),
        "environment": .string(environment.rawValue), "release": .integer(Int64(release)),
      ]
      return Document(
        schema: "stele.config.apply", fields: fields, records: [fields],
        text: difference.passages + [
          "",
          "\(environment)#\(release): configuration \(version) is recorded and pending",
          "it runs once you say `stele deploy \(environment)\(build(running))`",
        ])
    }
  }
}
