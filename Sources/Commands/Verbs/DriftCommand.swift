import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele drift`: whether files, ledger and what really runs are alike.
package struct DriftCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "drift",
    abstract: "Compare files, ledger and what really runs; exits 2 when they differ.",
    discussion: """
      What its agent runs, what each process was started with, and the router are compared with the
      release that the ledger says runs, leaf by leaf; files with that release too. What is found
      and resolved is recorded. What could not be compared is a finding as well, and exits 3.

        $ stele drift production
      """)

  @OptionGroup var environment: EnvironmentArgument
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let environment = try environment.detect(in: context).certain()
    let workspace = try context.workspace()
    let session = try context.appending()
    let person = try await session.person(identity.credential(in: context))
    let place = try await context.keptPlace(environment, in: session)
    let files = await context.wantedFiles(environment, in: session)
    let report = try await context.withRuntimes(workspace, identity) { runtimes in
      try await DriftWork(session, runtimes: runtimes).scan(place, files: files, by: person)
    }
    try await session.close()
    try context.present(DriftView(report, in: place).document, as: output.output)
    guard report.exitStatus == .success else { throw Verdict(report.exitStatus) }
  }
}

extension CommandContext {
  /// What a deployment would record now, or why that cannot be told.
  func wantedFiles(
    _ environment: KnownEnvironment, in session: Session
  ) async -> Sighting<JSONObject> {
    do {
      let project = try load(environment, in: session.workspace)
      return .seen(try await session.wanted(project).resolved.recorded)
    } catch {
      return .unseen(MachineWords("\(error)"))
    }
  }
}
