import ArgumentParser

/// `stele access identity`: whom tokens prove.
package struct AccessIdentityCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "identity", abstract: "Say whom an issuer's tokens prove.",
    subcommands: [
      AccessIdentityAddCommand.self, AccessIdentityListCommand.self,
      AccessIdentityRemoveCommand.self,
    ])

  package init() {}
}
