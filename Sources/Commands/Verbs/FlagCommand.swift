import ArgumentParser

/// `stele flag`: what an application asks for by name.
package struct FlagCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "flag", abstract: "Set flags over the files' features, unset and list them.",
    subcommands: [FlagSetCommand.self, FlagUnsetCommand.self, FlagListCommand.self])

  package init() {}
}
