import ArgumentParser

/// `stele secret`: what only the processes of one environment get.
package struct SecretCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "secret",
    abstract: "Set an environment's secrets, list, rotate and remove them.",
    subcommands: [
      SecretSetCommand.self, SecretListCommand.self, SecretRotateCommand.self,
      SecretRemoveCommand.self, SecretRecipientCommand.self,
    ])

  package init() {}
}
