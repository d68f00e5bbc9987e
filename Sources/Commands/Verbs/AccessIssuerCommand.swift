import ArgumentParser

/// `stele access issuer`: whose tokens count.
package struct AccessIssuerCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "issuer", abstract: "Say whose OIDC tokens count here, and with which keys.",
    subcommands: [
      AccessIssuerAddCommand.self, AccessIssuerListCommand.self, AccessIssuerRemoveCommand.self,
    ])

  package init() {}
}
