import Environments
import Events
import Foundation
import Operations
import Projections

extension CommandContext {
  /// What the project's files say; where they are wrong or not there, the application of which the
  /// ledger has releases, if it is one.
  ///
  /// - Throws: `ConfigurationError` when `application.yaml` is wrong and the ledger does not say
  ///   which one it is; ``ApplicationUnclear``.
  func application(of session: Session) async throws -> ApplicationName {
    let path = session.workspace.application
    let known = Set(try await session.state().releases.places.map(\.application)).sorted()
    do throws(ConfigurationError) {
      return try files(of: session.workspace).application().description.name
    } catch {
      if known.count == 1 { return known[0] }
      guard known.isEmpty || FileManager.default.fileExists(atPath: path) else {
        throw ApplicationUnclear(file: path, known: known)
      }
      throw error
    }
  }

  /// The place whose releases are to be read, from files or ledger.
  ///
  /// - Throws: As ``application(of:)``.
  func place(_ environment: KnownEnvironment, in session: Session) async throws -> Place {
    Place(try await application(of: session), environment.name)
  }

  /// The place that is to be changed: only files say what an environment of this project is.
  ///
  /// - Throws: `ConfigurationError` when `application.yaml` is wrong.
  func place(_ environment: KnownEnvironment, in workspace: Workspace) throws -> Place {
    Place(try files(of: workspace).application().description.name, environment.name)
  }

  /// The place where somebody goes back. The file that is wrong may be why they do: then it is what
  /// the ledger says runs or is under way there.
  ///
  /// - Throws: `ConfigurationError` when `application.yaml` is wrong and nothing runs there.
  func placeToRestore(
    _ environment: KnownEnvironment, in session: Session
  ) async throws -> Place {
    if let application = try? files(of: session.workspace).application() {
      return Place(application.description.name, environment.name)
    }
    return try await keptPlace(environment, in: session)
  }

  /// The place that an environment's agent looks after: what the ledger says runs or is under way
  /// there, even when files are wrong or say something else by now.
  ///
  /// - Throws: `ConfigurationError` when nothing does and `application.yaml` is wrong.
  func keptPlace(_ environment: KnownEnvironment, in session: Session) async throws -> Place {
    let state = try await session.state()
    let places = state.running.places + state.releases.places
    return try places.first { $0.environment == environment.name && state.isKept($0) }
      ?? place(environment, in: session.workspace)
  }

  /// Runs something with the environments' runtimes; lets go of this machine's afterwards.
  ///
  /// - Parameter identity: Who starts an agent that is not there yet.
  func withRuntimes<Result>(
    _ workspace: Workspace, _ identity: IdentityOptions,
    _ work: (any RuntimeProvider) async throws -> Result
  ) async throws -> Result {
    if let runtimes { return try await work(runtimes) }
    let runtimes = LocalRuntimes(
      workspace, executable: executable, identity: identity.arguments(in: self),
      variables: variables)
    do {
      let result = try await work(runtimes)
      try await runtimes.shutDown()
      return result
    } catch {
      try await runtimes.shutDown()
      throw error
    }
  }
}

extension LedgerState {
  /// Whether something runs there, or is on its way to.
  fileprivate func isKept(_ place: Place) -> Bool {
    running.running(in: place) != nil || deployments.open(in: place) != nil
  }
}

/// The ledger has releases of several applications, and no file says which one is meant.
struct ApplicationUnclear: ExitingError, Equatable {
  let file: String
  let known: [ApplicationName]

  var exitStatus: ExitStatus { .configuration }

  var description: String {
    """
    Nothing was looked up: \(file) is not there, and the ledger has releases of \
    \(known.map(\.rawValue).joined(separator: ", ")).
    Write `application: NAME` with one of them into \(file).
    """
  }
}
