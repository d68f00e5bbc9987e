import ArgumentParser

/// `stele policy`: what has to hold, and who says so.
package struct PolicyCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "Say which policy alone lets anything in, and see it.",
    subcommands: [PolicyAdoptCommand.self, PolicyShowCommand.self])

  package init() {}
}
