import ArgumentParser
import CanonicalJSON
import Events
import Operations

/// `stele access grant`: somebody may act from now on.
package struct AccessGrantCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "grant", abstract: "Let somebody act in an environment.",
    discussion: """
      The administrator's key of this key ring signs. Nothing is granted that is not named: \
      neither another environment nor another role.

        $ stele access grant ada.pem --role deployer --environment staging --until 2027-01-01Z
        $ stele access grant 01992f3b --role operator --environment production --ticket OPS-12
      """)

  @OptionGroup var actor: ActorArgument
  @Option(help: "\(AccessRole.words).") var role: AccessRole
  @OptionGroup var reach: ReachOptions
  @OptionGroup var grounds: GroundsOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await context.change(
      .grant(role, reach.reaching(), until: reach.end()), for: actor, on: grounds.grounds,
      as: output.output)
  }
}

/// `stele access revoke`: grants count no more.
package struct AccessRevokeCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Take somebody's grants away: those of a role, or all.",
    discussion: """
        $ stele access revoke 01992f3b --role deployer --reason "changed teams"
      """)

  @OptionGroup var actor: ActorArgument
  @Option(help: "Only grants of this role; otherwise all.") var role: AccessRole?
  @OptionGroup var grounds: GroundsOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await context.change(
      .revoke(role), for: actor, on: grounds.grounds, as: output.output)
  }
}

/// `stele access suspend`: a denial that wins over every grant.
package struct AccessSuspendCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "suspend", abstract: "Let somebody do nothing there, whatever is granted.",
    discussion: """
        $ stele access suspend 01992f3b --environment production --reason "key may be stolen"
      """)

  @OptionGroup var actor: ActorArgument
  @OptionGroup var reach: ReachOptions
  @OptionGroup var grounds: GroundsOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await context.change(
      .suspend(reach.reaching(), until: reach.end()), for: actor, on: grounds.grounds,
      as: output.output)
  }
}

/// `stele access reinstate`: suspensions are over.
package struct AccessReinstateCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "reinstate", abstract: "End every suspension of somebody.")

  @OptionGroup var actor: ActorArgument
  @OptionGroup var grounds: GroundsOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await context.change(.reinstate, for: actor, on: grounds.grounds, as: output.output)
  }
}

extension CommandContext {
  fileprivate func change(
    _ change: AccessChange, for actor: ActorArgument, on grounds: AccessGrounds,
    as format: OutputFormat
  ) async throws {
    let session = try appending()
    let who = try actor.resolve(in: self, await session.state())
    let position = try await AccessWork(session).change(change, for: who, on: grounds)
    try await session.close()
    var fields: JSONObject = [
      "actor": .string("\(who)"), "change": .string(change.word),
      "position": .integer(Int64(position)),
    ]
    fields["role"] = change.role.map { .string($0.rawValue) }
    try present(
      Document(
        schema: "stele.access.\(change.word)", fields: fields, records: [fields],
        text: ["\(change.summary) \(who), at position \(position)"]), as: format)
  }
}

extension AccessChange {
  fileprivate var word: String {
    switch self {
    case .grant: "grant"
    case .revoke: "revoke"
    case .suspend: "suspend"
    case .reinstate: "reinstate"
    }
  }

  fileprivate var role: AccessRole? {
    switch self {
    case .grant(let role, _, _): role
    case .revoke(let role): role
    case .suspend, .reinstate: nil
    }
  }

  fileprivate var summary: String {
    switch self {
    case .grant(let role, let reaching, let until):
      "granted \(role.rawValue) in \(reaching.environments.summary)\(Self.end(until)) to"
    case .revoke(let role): "revoked \(role.map { "\($0.rawValue) of" } ?? "every grant of")"
    case .suspend(let reaching, let until):
      "suspended in \(reaching.environments.summary)\(Self.end(until)):"
    case .reinstate: "reinstated"
    }
  }

  private static func end(_ until: Timestamp?) -> String { until.map { " until \($0)" } ?? "" }
}
