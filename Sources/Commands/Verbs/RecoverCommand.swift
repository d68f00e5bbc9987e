import ArgumentParser
import Environments
import Operations

/// `stele recover`: brings a deployment to its end whose driver is gone.
package struct RecoverCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Bring a deployment to its end whose driver is gone.",
    discussion: """
      Goes on from where the ledger says that the rollout stands, or back when its time is over.

        $ stele recover production
        $ stele recover production --abort --reason "it was the wrong build" --yes
      """)

  @OptionGroup var environment: EnvironmentArgument

  @Flag(help: "Turn back instead of going on.")
  var abort = false

  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func validate() throws {
    guard consent.reason == nil || abort else {
      throw ValidationError("--reason says why a deployment is turned back: give --abort as well")
    }
  }

  package func run(in context: CommandContext) async throws {
    let environment = try environment.detect(in: context).certain()
    let workspace = try context.workspace()
    let place = try await context.placeToRestore(environment, in: context.reading())
    try context.confirm(
      environment, abort ? "Turn production's deployment back?" : "Finish production's deployment?",
      yes: consent.yes)
    let session = try context.appending()
    let person = try await session.person(identity.credential(in: context))
    let view = try RolloutView(context, session, of: place, as: output.output)
    let end = try await view.driving {
      try await context.withRuntimes(workspace, identity) { runtimes in
        try await RecoverWork(session, runtimes: runtimes).recover(
          place, by: person, abort: abort, reason: consent.reason, started: view.started,
          observer: view.show)
      }
    }
    try await view.finish(end, isAsWanted: abort && end.hasTurnedBack)
  }
}
