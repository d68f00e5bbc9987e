import Access
import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Foundation
import Operations
import Projections

/// `stele deploy`: brings a build into an environment.
package struct DeployCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "deploy", abstract: "Bring a build into an environment.",
    discussion: """
      Ships what config/ says now, with the build that is named or the newest one. Exits 0 when the
      release is proven healthy, 7 when it failed and the previous one serves again, 1 when it was
      held or stopped, 8 when going back failed too.

        $ stele deploy staging --build 3f2a91c04d11
      """)

  @OptionGroup var environment: EnvironmentArgument

  @Option(
    help: "The build's digest or its beginning, or a path to make one of; the newest if not given.")
  var build: String?

  @OptionGroup var glass: GlassOptions
  @OptionGroup var change: ChangeOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func validate() throws { try glass.check(consent) }

  package func run(in context: CommandContext) async throws {
    let environment = try environment.detect(in: context).certain()
    let workspace = try context.workspace()
    let project = try context.load(environment, in: workspace)
    let session = try context.appending()
    let configuration = try await session.wanted(project).resolved
    let person = try await session.person(identity.credential(in: context))
    let captured = try await change.capture(in: context, directory: workspace.root)
    let authorization = try await session.authorize(
      glass.action, by: person, in: configuration.place)
    // What is asked about is what is deployed, whatever is built meanwhile.
    let choice = BuildChoice(session, configuration, context)
    let known = try await choice.known(build, change: captured)
    let words = known.map { "build \($0.shortText)" } ?? "a build of \(build ?? "")"
    try context.confirm(
      environment, "\(glass.words("deploy")) \(words) to production?", yes: consent.yes)
    let view = try RolloutView(context, session, of: configuration.place, as: output.output)
    let end = try await view.driving {
      try await context.withRuntimes(workspace, identity) { runtimes in
        let work = DeployWork(session, runtimes: runtimes)
        // And again when the build is there: it takes a while.
        try await work.check(configuration, for: .deployment)
        let wish = DeploymentWish(
          configuration: configuration, policy: try context.files(of: workspace).policy(),
          build: try await choice.digest(known, orOf: build, change: captured, by: person),
          cause: .deployment, change: captured, reason: consent.reason,
          breaksGlass: glass.breakGlass)
        return try await work.deploy(
          wish, by: person, resting: authorization, started: view.started, observer: view.show)
      }
    }
    try await view.finish(end)
  }
}

/// Which build somebody means.
struct BuildChoice {
  private let session: Session
  private let configuration: ResolvedConfiguration
  private let context: CommandContext

  init(_ session: Session, _ configuration: ResolvedConfiguration, _ context: CommandContext) {
    self.session = session
    self.configuration = configuration
    self.context = context
  }

  /// The build that is known, or else one made of the path.
  func digest(
    _ known: ContentDigest?, orOf path: String?, change: CapturedChange, by person: Signer
  ) async throws -> ContentDigest {
    if let known { return known }
    return try await make(path ?? "", change: change, by: person)
  }

  /// - Parameter word: A digest, its beginning, a path that is made into a build, or nil for the
  ///   newest build of the application.
  /// - Returns: Nil for a path, of which a build is yet to be made.
  /// - Throws: `ValidationError` for a message about a build that is made already.
  func known(_ word: String?, change: CapturedChange) async throws -> ContentDigest? {
    guard let known = try await known(word) else { return nil }
    guard change.message?.source != .flag else {
      throw ValidationError(
        "--message says what a build was made for, and \(known.shortText) is made already: "
          + "say why it is deployed with --reason")
    }
    return known
  }

  private func known(_ word: String?) async throws -> ContentDigest? {
    let builds = try await session.state().builds
    let application = configuration.application.name
    guard let word else {
      guard let newest = builds.all.last(where: { $0.application == application }) else {
        throw BuildError.none
      }
      return newest.digest
    }
    guard let prefix = digestPrefix(word) else { return nil }
    let found = builds.builds(of: application, startingWith: prefix)
    guard let only = found.first, found.count == 1 else {
      throw BuildError.ambiguous(prefix: prefix, count: found.count)
    }
    return only.digest
  }

  /// Nil when the word is a path: hexadecimal digits are the beginning of a digest, unless they are
  /// few and something of that name is there.
  private func digestPrefix(_ word: String) -> String? {
    let hex = word.hasPrefix("sha256:") ? String(word.dropFirst(7)) : word
    guard hex.wholeMatch(of: /[0-9a-f]{1,64}/) != nil else { return nil }
    let path = context.workingDirectory + "/" + hex
    return hex.count < 6 && FileManager.default.fileExists(atPath: path) ? nil : hex
  }

  private func make(
    _ path: String, change: CapturedChange, by person: Signer
  ) async throws -> ContentDigest {
    let description = try context.files(of: session.workspace).application().description
    let paths = try BuildPaths(
      description, root: session.workspace.root, workingDirectory: context.workingDirectory
    ).resolve([path])
    return try await BuildWork(session).make(
      configuration.application.name, from: paths, change: change, by: person
    ).digest
  }
}
