import ArgumentParser

/// `stele` without a verb: what there is.
package struct SteleRoot: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "stele",
    abstract: "A deployment ledger: what runs, what changed, what to roll back to, and the proof.",
    discussion: """
      Every change, decision, deployment step and health result is a signed entry of a ledger beside
      your project. Results go to stdout, everything else to stderr.
      """,
    version: "stele 0.1.0",
    groupedSubcommands: [
      CommandGroup(name: "Begin", subcommands: [InitCommand.self, ConfigCommand.self]),
      CommandGroup(name: "Ship", subcommands: [BuildCommand.self]),
      CommandGroup(name: "See", subcommands: [BuildsCommand.self]),
    ])

  package init() {}
}
