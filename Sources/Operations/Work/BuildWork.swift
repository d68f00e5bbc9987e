import Access
import Environments
import Events
import Foundation
import LedgerStore
import Projections

/// `stele build`: keeps every component's bytes and records what they are together.
package struct BuildWork: Sendable {
  private let session: Session
  private let store: ArtifactStore

  package init(_ session: Session) {
    self.session = session
    store = ArtifactStore(root: session.workspace.artifacts)
  }

  package struct Made: Sendable, Equatable {
    package let build: Build
    package let digest: ContentDigest
    /// The same bytes of the same change were recorded before; nothing new was.
    package let isKnown: Bool
    package let change: CapturedChange
  }

  /// - Parameters:
  ///   - paths: Where each component's artifact lies, absolute.
  ///   - change: Where the bytes come from; its message is sealed.
  /// - Throws: ``BuildError``, `ArtifactError`, ``AccessDenied``.
  package func make(
    _ application: ApplicationName, from paths: [ComponentName: String], change: CapturedChange,
    by person: Signer
  ) async throws -> Made {
    let authorization = try await session.authorize(
      .recordBuild, by: person, application: application, environment: nil)
    let build = Build(
      application: application,
      components: try paths.map { name, path in
        let artifact = try store.add(path)
        return Build.Component(
          name: name, artifact: artifact.digest, sizeBytes: artifact.sizeBytes)
      })
    return try await session.resting(
      on: authorization, .recordBuild, by: person, application: application
    ) { session, state, granted in
      let known = state.builds[build.digest]
      let isKnown = known.map { change.saysNothingNew(of: $0.change) } ?? false
      if !isKnown { try session.record(build, change, after: known, by: person, granted) }
      return Made(build: build, digest: build.digest, isKnown: isKnown, change: change)
    }
  }
}

extension Session {
  fileprivate func record(
    _ build: Build, _ change: CapturedChange, after known: Builds.Build?, by person: Signer,
    _ authorization: Authorization
  ) throws {
    let message = try seal(change.message?.value, of: person)
    let said = Change(change, message: message?.sealed)
    let event = BuildRecorded(
      build: build.digest,
      change: known.map { said.completed(by: $0.change, message: said.message) } ?? said,
      components: build.components.map {
        BuildComponent(artifact: $0.artifact, name: $0.name, sizeBytes: $0.sizeBytes)
      })
    _ = try record(
      EntryDraft(
        [
          DraftEvent(
            event, in: .build(build.application),
            scope: Scope(application: build.application))
        ], expects: authorization.expects, because: [authorization.decision]), by: person,
      sealed: message.map { [$0] } ?? [])
  }
}

extension CapturedChange {
  /// Whether a build needs no other record of where it comes from: everything that was found out
  /// now is known of it.
  fileprivate func saysNothingNew(of known: Change) -> Bool {
    guard message?.source != .flag else { return false }
    let said = Change(self, message: nil)
    return said.completed(by: known, message: known.message) == known
  }
}

extension Change {
  /// With what is known of the same commit, where nothing else is said now.
  fileprivate func completed(by known: Change, message: Sealed?) -> Change {
    guard commit == nil || commit == known.commit else { return self }
    return Change(
      author: author ?? known.author, commit: commit ?? known.commit, message: message,
      repository: repository ?? known.repository, run: run ?? known.run,
      ticket: ticket ?? known.ticket)
  }
}

extension Change {
  package init(_ captured: CapturedChange, message: Sealed?) {
    self.init(
      author: captured.author?.value, commit: captured.commit.map { MachineWords($0.value) },
      message: message, repository: captured.repository.map { MachineWords($0.value) },
      run: captured.run.map { MachineWords($0.value) },
      ticket: captured.ticket?.value)
  }
}

/// Finds every component's artifact from what a person typed.
package struct BuildPaths: Sendable {
  private let application: ApplicationDescription
  /// What paths in `application.yaml` are relative to.
  private let root: String
  /// What typed paths are relative to.
  private let workingDirectory: String

  package init(_ application: ApplicationDescription, root: String, workingDirectory: String) {
    self.application = application
    self.root = root
    self.workingDirectory = workingDirectory
  }

  /// - Parameter words: `COMPONENT=PATH` for single ones; a plain path is a directory that has
  ///   every other component's artifact under its name; the rest is where `application.yaml` says.
  /// - Throws: ``BuildError/unknownComponent(_:known:)``, ``BuildError/noPath(_:)``,
  ///   ``BuildError/nothingThere(_:path:)``.
  package func resolve(_ words: [String]) throws(BuildError) -> [ComponentName: String] {
    var named: [String: String] = [:]
    var directories: [String] = []
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, !parts[0].contains("/") {
        named[String(parts[0])] = absolute(String(parts[1]), from: workingDirectory)
      } else {
        let path = absolute(word, from: workingDirectory)
        guard FileManager.default.fileExists(atPath: path) else {
          throw .nothingThere(word, path: path)
        }
        directories.append(path)
      }
    }
    let names = application.components.map(\.name.rawValue)
    if let stranger = named.keys.sorted().first(where: { !names.contains($0) }) {
      throw .unknownComponent(stranger, known: names)
    }
    var paths: [ComponentName: String] = [:]
    for component in application.components {
      paths[component.name] = try path(of: component, named, directories)
    }
    return paths
  }

  private func path(
    of component: ComponentDescription, _ named: [String: String], _ directories: [String]
  ) throws(BuildError) -> String {
    let name = component.name.rawValue
    if let path = named[name] { return path }
    let inside = directories.map { $0 + "/" + name }
    if let path = inside.last(where: FileManager.default.fileExists) { return path }
    guard directories.isEmpty, let artifact = component.artifact else { throw .noPath(name) }
    return absolute(artifact, from: root)
  }

  private func absolute(_ path: String, from directory: String) -> String {
    path.hasPrefix("/") ? path : directory + "/" + path
  }
}

/// Why no build was made; nothing was recorded.
package enum BuildError: ExitingError, Equatable {
  case unknownComponent(String, known: [String])
  case noPath(String)
  /// A word that is no digest, and no path either.
  case nothingThere(String, path: String)
  case unknown(ContentDigest)
  case ambiguous(prefix: String, count: Int)
  case none

  /// What helps where nobody knows who wrote a build.
  static let authorRemedy =
    "Say who did: make the same build again with `stele build --author WHO`, by their id; then the "
    + "same command again."

  package var exitStatus: ExitStatus {
    switch self {
    case .unknownComponent, .noPath, .nothingThere: .usage
    case .unknown, .ambiguous, .none: .badData
    }
  }

  package var description: String {
    switch self {
    case .unknownComponent(let name, let known):
      """
      No build was made: config/application.yaml has no component '\(name)'.
      It has: \(known.joined(separator: ", ")).
      """
    case .noPath(let name):
      """
      No build was made: nobody says where the artifact of \(name) is.
      Name it: `stele build \(name)=PATH`, or set its `artifact:` in config/application.yaml.
      """
    case .nothingThere(let word, let path):
      """
      No build was made: '\(word)' is taken for a path, and nothing is at \(path).
      Name the directory with each component's artifact. A build that was made already is named by \
      its digest's digits, 0-9 and a-f: see them with `stele builds`.
      """
    case .unknown(let digest):
      """
      No build was chosen: the ledger has no build \(digest.shortText).
      See the builds there are with `stele builds`, or make it with `stele build PATH`.
      """
    case .ambiguous(let prefix, let count):
      """
      No build was chosen: '\(prefix)' stands for \(count) builds.
      Write more of its digest; see them with `stele builds`.
      """
    case .none:
      """
      No build was chosen: the ledger has no build yet.
      Make one with `stele build PATH`.
      """
    }
  }
}

extension ArtifactError: ExitingError {
  package var exitStatus: ExitStatus {
    switch self {
    case .system: .cannotWrite
    case .damaged: .integrity
    case .missing, .unsupported, .linkEscapes, .linkDangles, .nameNotUTF8, .tooManyEntries,
      .disguised, .changed:
      .badData
    }
  }
}

extension ChangeFlagError: ExitingError {
  package var exitStatus: ExitStatus { .usage }
}
