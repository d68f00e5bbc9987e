import ArgumentParser
import Cryptography
import Events
import LedgerStore
import Operations

/// `stele access identity add`.
package struct AccessIdentityAddCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Say whom a token with these claims proves.",
    discussion: """
      The administrator's key of this key ring signs. Every claim has to be there, with exactly \
      that value. A subject of GitHub or GitLab names a repository, so the id that stays is asked \
      for besides: repository_id, project_id. An identity alone may do nothing: it needs a grant.

        $ stele access identity add --issuer https://token.actions.githubusercontent.com \\
            --claim sub=repo:shop/web:environment:staging --claim repository_id=17
      """)

  @Option(help: "The issuer, as `stele access issuer list` shows it.") var issuer: String

  @Option(
    name: .customLong("claim"),
    help: ArgumentHelp("A claim and its value; as often as needed.", valueName: "name=value"))
  var claims: [String]

  @Option(help: "Who it is, by id; otherwise somebody new.") var owner: String?

  @OptionGroup var grounds: GroundsOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let binding = try TokenBinding(issuer: issuer, claims: claims.map(Self.claim))
    try await context.change(.addIdentity(binding), on: grounds.grounds(), as: output.output) {
      session, state in
      if let owner { return try state.actor(named: owner, keyAt: context.absolute(owner)) }
      return .make(at: session.time.now(), random: session.random.bytes(10))
    }
  }

  private static func claim(_ word: String) throws -> (name: String, value: String) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw ValidationError("'\(word)' is no claim: write NAME=VALUE, like repository_id=17")
    }
    return (String(parts[0]), String(parts[1]))
  }
}
