import Access
import Environments
import Events
import Projections

/// `stele flag`: what an application asks for by name, set over the files until it is unset.
///
/// A flag is a part of the configuration: setting one records the next version of it, which is
/// pending until it is deployed, and which a rollback takes back.
package struct FlagWork: Sendable {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// How many flags may be set in one environment: a process gets them all in one variable.
  package static let flagsMax = 200

  /// What somebody wants of a flag.
  package enum Wish: Sendable {
    /// - Parameters:
    ///   - text: As it was typed.
    ///   - kind: What it is; nil for what it has been, or looks like.
    ///   - isNew: The name may be one that nothing has used.
    case set(text: String, kind: FlagValue.Kind?, isNew: Bool)
    case unset
  }

  /// - Parameters:
  ///   - project: What the environment's files say.
  ///   - files: Where the other environments' are, whose names are known too.
  /// - Throws: ``FlagError``, before anything is decided; what
  ///   ``ConfigurationWork/apply(_:madeWith:policy:by:reason:)`` throws.
  package func change(
    _ name: String, _ wish: Wish, in project: LoadedProject, of files: ProjectFiles,
    by person: Signer, reason: String?
  ) async throws -> ConfigurationWork.Applied {
    let place = project.resolved.place
    let state = try await session.state()
    let flags = try state.flags(in: place)
    let changed: [FeatureFlag]
    switch wish {
    case .set(let text, let kind, let isNew):
      let known = try KnownFlags(in: project, of: files, state)
      let flag = try known.flag(name, text, kind, isNew: isNew)
      changed = flags.overridden(by: [flag])
      guard changed.count <= Self.flagsMax else { throw FlagError.tooMany(place.environment) }
    case .unset:
      guard flags[name] != nil else { throw FlagError.notSet(name, place.environment) }
      changed = flags.filter { !$0.isCalled(name) }
    }
    return try await ConfigurationWork(session).apply(
      try project.setting(changed).giving(state.secrets.newest(in: place)).resolved,
      madeWith: flags, policy: try files.policy(),
      by: person, reason: reason)
  }
}

/// Names that some file or flag of the application uses, and what each is.
private struct KnownFlags {
  /// Of the environment first, then of the others.
  private let flags: [FeatureFlag]

  init(in project: LoadedProject, of files: ProjectFiles, _ state: LedgerState) throws {
    let place = project.resolved.place
    let others = KnownEnvironment.allCases.filter { $0.name != place.environment }
    flags =
      try state.flags(in: place) + project.environment.configuration.features
      + others.flatMap { other in
        let file = try? files.environment(other).configuration.features
        return try state.flags(in: Place(place.application, other.name)) + (file ?? [])
      }
  }

  func flag(
    _ name: String, _ text: String, _ kind: FlagValue.Kind?, isNew: Bool
  ) throws(FlagError) -> FeatureFlag {
    if let complaint = FeatureFlag.complaint(aboutName: name) { throw .name(complaint) }
    guard !Secrecy.isSecret(value: name), !Secrecy.isSecret(value: text) else { throw .secret }
    let known = flags[name]
    guard known != nil || isNew else {
      throw .unknown(name, near: Spelling.suggestion(for: name, among: flags.map(\.name)))
    }
    if let known, let kind, known.value.kind != kind {
      throw .otherKind(name, known.value.kind, asked: kind)
    }
    let value: FlagValue
    do throws(FlagValueError) {
      value = try FlagValue(parsing: text, as: kind ?? known?.value.kind)
    } catch {
      throw .value(name, text, error)
    }
    // Whether there is a login by password is no secret; a text of that name may be one.
    let isSecret = Secrecy.isSecret(name: name) || Secrecy.isSecret(value: text, at: name)
    guard value.kind != .string || !isSecret else { throw .secret }
    return FeatureFlag(name: name, value: value, isSet: true)
  }
}

extension Session {
  /// What files say, with the flags that are set over them now, and the newest versions of secrets.
  ///
  /// - Throws: `ConfigurationError`; `RecordedConfigurationError`.
  package func wanted(_ project: LoadedProject) throws -> LoadedProject {
    let (state, place) = (try state(), project.resolved.place)
    return try project.setting(state.flags(in: place)).giving(state.secrets.newest(in: place))
  }
}

extension LedgerState {
  /// What is set in a place, whether or not it was deployed.
  ///
  /// - Throws: `RecordedConfigurationError` where that cannot be read.
  func flags(in place: Place) throws(RecordedConfigurationError) -> [FeatureFlag] {
    guard let applied = configurations.latest(in: place) else { return [] }
    return try EnvironmentConfiguration.flags(recorded: applied.configuration)
  }

  /// - Throws: ``FlagError/moved(_:)`` where others are set by now than a configuration was made
  ///   with: recording it would undo what somebody has set.
  func checkFlags(_ flags: [FeatureFlag], in place: Place) throws {
    guard try self.flags(in: place) == flags else { throw FlagError.moved(place.environment) }
  }
}

/// Why no flag was changed; nothing was recorded.
package enum FlagError: ExitingError, Equatable {
  case unknown(String, near: String?)
  /// Why nothing is called so.
  case name(String)
  case value(String, String, FlagValueError)
  case otherKind(String, FlagValue.Kind, asked: FlagValue.Kind)
  case notSet(String, EnvironmentName)
  case tooMany(EnvironmentName)
  case secret
  /// Somebody has set or unset a flag in between.
  case moved(EnvironmentName)

  package var exitStatus: ExitStatus {
    switch self {
    case .unknown, .name, .value, .otherKind, .notSet, .tooMany, .secret: .badData
    case .moved: .tryAgain
    }
  }

  package var description: String {
    switch self {
    case .unknown(let name, let near):
      """
      No flag was set: no file and no flag has the name \(VisibleText.escaped(name)).
      \(near.map { "Did you mean \(VisibleText.escaped($0))? " } ?? "")A new one is set with --new.
      """
    case .name(let complaint):
      """
      No flag was set: its name \(complaint).
      Write 1 to 200 bytes without control characters, and no blank at either end.
      """
    case .value(let name, let text, let error):
      """
      No flag was set: \(VisibleText.escaped(name)) cannot be \
      "\(Secrecy.shown(text, at: name))".
      Write \(error.wanted).
      """
    case .otherKind(let name, let kind, let asked):
      """
      No flag was set: \(VisibleText.escaped(name)) is \(kind.rawValue), and was to be \
      \(asked.rawValue).
      Whoever reads it expects the one: give the other another name.
      """
    case .notSet(let name, let environment):
      """
      No flag was unset: \(VisibleText.escaped(name)) is not set in \(environment).
      See what is with `stele flag list \(environment)`.
      """
    case .tooMany(let environment):
      """
      No flag was set: \(environment) has \(FlagWork.flagsMax), which is as many as there can be.
      Unset one that nobody asks for: `stele flag list \(environment)`
      """
    case .secret:
      """
      No flag was set: the name or the value looks like a secret, and what is set is recorded for \
      ever.
      Let the application read it from elsewhere.
      """
    case .moved(let environment):
      """
      Nothing was changed: flags of \(environment) were set or unset meanwhile.
      See them with `stele flag list \(environment)`, then try again.
      """
    }
  }
}
