import ArgumentParser
import Environments

/// `stele config schema`: what the files may say, for editors.
package struct ConfigSchemaCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of a configuration file.",
    discussion: """
      An editor that knows YAML completes and checks a file whose first line names its schema:

        $ stele config schema layer > config/schema/layer.json
        # yaml-language-server: $schema=../schema/layer.json

      environment is a whole environment; layer is one file of it, which base.yaml completes;
      application and policy are application.yaml and policy.yaml. What a schema cannot say,
      `stele config validate` checks.
      """)

  @Argument(help: "environment, layer, application or policy.")
  var subject = ConfigurationSchema.environment

  package init() {}

  package func run(in context: CommandContext) async throws {
    context.results.write(subject.text)
  }
}

extension ConfigurationSchema: ExpressibleByArgument {}
