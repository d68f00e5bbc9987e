import Access
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Projections

/// `stele config apply`: records what an environment shall be; it runs only once it is deployed.
package struct ConfigurationWork: Sendable {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// What applying led to.
  package enum Applied: Sendable, Equatable {
    /// The last applied version says the same; nothing was recorded.
    case unchanged(version: Int)
    case applied(release: Int, version: Int, difference: [ConfigurationDifference])
  }

  /// - Parameters:
  ///   - flags: Those that were set when the configuration was made; nil for its own.
  ///   - policy: What the configuration is held against.
  ///   - reason: The person's own words; sealed.
  /// - Throws: ``AccessDenied`` and ``PolicyDenied``, both after they were recorded;
  ///   ``FlagError/moved(_:)``.
  package func apply(
    _ configuration: ResolvedConfiguration, madeWith flags: [FeatureFlag]? = nil, policy: Policy,
    by person: Signer, reason: String?
  ) async throws -> Applied {
    let place = configuration.place
    let state = try await session.state()
    try state.checkFlags(flags ?? configuration.environment.flags, in: place)
    let latest = state.configurations.latest(in: place)
    if let latest, latest.ownDigest == configuration.digest {
      return .unchanged(version: latest.version)
    }
    let authorization = try await session.authorize(
      .applyConfiguration, by: person, application: place.application,
      environment: place.environment)
    let verdict = try await session.judge(
      PolicyQuestion(configuration, policy: policy), after: authorization)
    let sealed = try await session.seal(reason, of: person)
    let wish = ConfigurationWish(configuration, after: latest)
    var expects = authorization.expects
    expects[.policies] = verdict.policies
    let recording = try await session.record(
      EntryDraft(
        [
          wish.event(reason: sealed?.sealed),
          DraftEvent(
            ReleaseStarted(cause: .configuration, configuration: wish.version),
            in: .release(place.application, place.environment), scope: place.scope),
        ], expects: expects,
        because: [authorization.decision] + verdict.cited),
      by: person, sealed: sealed.map { [$0] } ?? [],
      versions: [wish.stream: wish.version])
    let release = try await session.state().releases.latest(in: place)
    precondition(release?.position == recording.position, "the entry took no release number")
    return .applied(
      release: release?.number ?? 0, version: wish.version, difference: wish.difference)
  }
}

/// A configuration on its way into the ledger, as the next version of its place.
struct ConfigurationWish {
  let configuration: ResolvedConfiguration
  let version: Int
  let difference: [ConfigurationDifference]

  init(_ configuration: ResolvedConfiguration, after latest: Configurations.Applied?) {
    self.configuration = configuration
    version = (latest?.version ?? 0) + 1
    difference = ConfigurationDifference.all(
      from: latest?.configuration, to: configuration.recorded)
  }

  var stream: StreamName {
    .configuration(configuration.place.application, configuration.place.environment)
  }

  func event(reason: Sealed?) -> DraftEvent {
    DraftEvent(
      ConfigurationApplied(
        configuration: configuration.recorded, digest: configuration.digest,
        difference: difference.map {
          FieldDifference(path: MachineWords($0.path), before: $0.before, after: $0.after)
        }, reason: reason), in: stream, scope: configuration.place.scope)
  }
}

extension Session {
  /// A person's own words, for the vault; nil when they said nothing, or blanks.
  func seal(_ words: String?, of person: Signer) throws -> SealedValue? {
    guard let words, !words.isBlank else { return nil }
    do {
      return try SealedValue(.string(words), of: person.actor, random: random)
    } catch {
      throw WordsError.forbidden(error)
    }
  }
}

/// A text that the ledger cannot hold; it is not repeated here.
package enum WordsError: ExitingError, Equatable {
  case forbidden(JSONFormError)

  package var exitStatus: ExitStatus { .badData }

  package var description: String {
    switch self {
    case .forbidden(let error):
      """
      Nothing was recorded: the reason has a character that the ledger refuses, at byte \
      \(error.offset).
      Write it without zero bytes and byte order marks.
      """
    }
  }
}
