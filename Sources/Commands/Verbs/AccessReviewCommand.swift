import ArgumentParser

/// `stele access review`: whether each grant is still wanted, said by somebody else.
package struct AccessReviewCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "See when each grant was last reviewed, and say whether it stays.",
    subcommands: [AccessReviewListCommand.self, AccessReviewDecideCommand.self])

  package init() {}
}
