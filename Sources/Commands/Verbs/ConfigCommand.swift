import ArgumentParser

/// `stele config`: the environments' files.
package struct ConfigCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Check, show and record the environments' configuration.",
    subcommands: [
      ConfigValidateCommand.self, ConfigShowCommand.self, ConfigExplainCommand.self,
      ConfigDiffCommand.self, ConfigApplyCommand.self, ConfigSchemaCommand.self,
    ])

  package init() {}
}
