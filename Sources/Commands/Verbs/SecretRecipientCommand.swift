import ArgumentParser

/// `stele secret recipient`: who can open an environment's secrets.
package struct SecretRecipientCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "recipient",
    abstract: "Say who can open an environment's secrets: a key file, a passphrase, keys of age.",
    subcommands: [
      SecretRecipientAddCommand.self, SecretRecipientRemoveCommand.self,
      SecretRecipientListCommand.self,
    ])

  package init() {}
}
