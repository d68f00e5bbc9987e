import ArgumentParser

/// `stele cost`: what environments cost, as bills say.
package struct CostCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cost", abstract: "See what environments cost, and import bills.",
    subcommands: [CostShowCommand.self, CostImportCommand.self],
    defaultSubcommand: CostShowCommand.self)

  package init() {}
}
