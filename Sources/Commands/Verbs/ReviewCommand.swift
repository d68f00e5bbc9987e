import ArgumentParser

/// `stele review`: what others say of deployments for which somebody broke the glass.
package struct ReviewCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "See and close the reviews that a broken glass has opened.",
    subcommands: [ReviewListCommand.self, ReviewCloseCommand.self])

  package init() {}
}
