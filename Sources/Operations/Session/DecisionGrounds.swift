import CanonicalJSON
import Events
import LedgerStore
import Projections

/// What a decision rests on: named here, read again and proven before any effect.
///
/// A state says what the entries said when they were folded, and a ledger's file is trusted for
/// nothing. So whatever deploys, rolls back or recovers first proves these to the log's newest
/// checkpoint and compares what they say now with what was decided on.
package struct DecisionGrounds: Sendable, Equatable {
  /// Nil for what is decided about a person alone.
  package let place: Place?
  /// Whose grants count.
  package var actor: ActorID?
  /// Whether a token proves the actor: whose tokens count is then a part of it.
  private var isByToken = false
  /// The token that was shown before.
  private var evidence: Digest?
  package var builds: Set<ContentDigest> = []
  /// Versions of the place's configuration.
  package var configurations: Set<Int> = []
  /// From this release on, each with its deployment from beginning to end: that it was good, and
  /// that none after it was.
  package var releasesFrom: Int?
  package var deployments: Set<DeploymentID> = []
  /// A plan of the place, with everything that was said of it since somebody asked for it.
  package var plan: ContentDigest?

  package init(_ place: Place?, actor: ActorID? = nil) {
    self.place = place
    self.actor = actor
  }

  /// Of somebody who acts, by a key or by a token.
  init(_ place: Place?, of person: Signer) {
    self.init(place, actor: person.actor)
    isByToken = person.behalf != nil
    evidence = person.behalf?.evidence
  }

  /// Of somebody whose token is shown for the first time.
  init(tokensOf actor: ActorID) {
    self.init(nil, actor: actor)
    isByToken = true
  }

  /// What a release ran, and that it was good.
  package init(
    of release: Releases.Release, _ build: ContentDigest, _ applied: Configurations.Applied,
    in place: Place
  ) {
    self.init(place)
    builds = [build]
    configurations = [applied.version]
    releasesFrom = release.number
  }

  /// With what runs in the place, which a deployment may have to bring back.
  mutating func addRunning(in state: LedgerState) {
    guard let running = place.flatMap(state.running.running) else { return }
    builds.insert(running.build)
    configurations.insert(running.configurationVersion)
  }
}

extension Session {
  /// Reads again what a decision on `state` rests on, and proves it.
  ///
  /// - Throws: `LedgerError.notProven` or `.rowDamaged` for the first entry that is not what was
  ///   signed; ``GroundsDiffer`` when the entries are whole and say something else.
  package func prove(_ grounds: DecisionGrounds, in state: LedgerState) throws {
    let proven = try ledger.read { reader in
      try reader.proven(at: grounds.positions(in: state, reader))
    }
    var again = LedgerState()
    for entry in proven {
      for event in entry.events { again.apply(event) }
    }
    if let difference = grounds.difference(between: state, and: again) {
      throw GroundsDiffer(difference)
    }
  }
}

extension DecisionGrounds {
  /// Where the entries stand, by the state and by the streams' own index; none that came after the
  /// state.
  fileprivate func positions(in state: LedgerState, _ reader: LedgerReader) throws -> Set<Int> {
    let known = builds.compactMap { state.builds[$0] }
    var positions = known.reduce(into: Set(known.map(\.position))) {
      $0.formUnion($1.authors.positions)
    }
    positions.formUnion(configurations.compactMap { configuration($0, in: state)?.position })
    if let position = evidence.flatMap(state.identities.attestation)?.position {
      positions.insert(position)
    }
    positions.formUnion(state.keys.all.filter { $0.owner == actor }.map(\.registered))
    for stream in streams(in: state) {
      positions.formUnion(try reader.positions(matching: EntryFilter(stream: stream)))
    }
    if let review = review(in: state) {
      let stream = StreamName.approval(review.place.environment)
      positions.formUnion(
        try reader.positions(matching: EntryFilter(stream: stream))
          .filter { $0 >= review.position })
    }
    return positions.filter { $0 < state.size }
  }

  private func streams(in state: LedgerState) -> Set<StreamName> {
    let releases = releases(in: state)
    var streams = Set(
      deployments.union(releases.compactMap(\.deployment)).map(StreamName.deployment))
    if let actor { streams.insert(.grant(actor)) }
    if isByToken { streams.insert(.issuers) }
    // A release's build and configuration may be those of any before it.
    if let place, !releases.isEmpty {
      streams.insert(.release(place.application, place.environment))
    }
    return streams
  }

  private func review(in state: LedgerState) -> Approvals.Review? {
    guard let place, let plan else { return nil }
    return state.approvals.review(of: plan, in: place)
  }

  private func releases(in state: LedgerState) -> [Releases.Release] {
    guard let place, let releasesFrom else { return [] }
    return state.releases.all(in: place).filter { $0.number >= releasesFrom }
  }

  private func configuration(
    _ version: Int, in state: LedgerState
  ) -> Configurations.Applied? {
    place.flatMap { state.configurations.version(version, in: $0) }
  }

  /// What `again`, made of the proven entries alone, says otherwise than `state`; nil when nothing.
  fileprivate func difference(
    between state: LedgerState, and again: LedgerState
  ) -> String? {
    if let actor,
      state.grants.of(actor) != again.grants.of(actor)
        || state.grants.suspensions(of: actor) != again.grants.suspensions(of: actor)
    {
      return "the grants of \(actor)"
    }
    if let difference = differenceOfTokens(between: state.identities, and: again.identities) {
      return difference
    }
    if let build = builds.first(where: { state.builds[$0] != again.builds[$0] }) {
      return "the build \(build)"
    }
    guard let place else { return nil }
    if let plan, review(in: state) != review(in: again) {
      return "the approvals of plan \(plan.shortText)"
    }
    let version = configurations.first {
      configuration($0, in: state) != configuration($0, in: again)
    }
    if let version { return "configuration \(version) of \(place.environment)" }
    let release = releases(in: state).first { again.releases.number($0.number, in: place) != $0 }
    return release.map { "\(place.environment)#\($0.number)" }
  }

  private func differenceOfTokens(
    between identities: Identities, and again: Identities
  ) -> String? {
    guard isByToken, let actor else { return nil }
    if identities.issuers != again.issuers { return "whose tokens count" }
    if identities.of(actor) != again.of(actor) { return "which tokens prove \(actor)" }
    let differs = evidence.map { identities.attestation($0) != again.attestation($0) } ?? false
    return differs ? "a token of \(actor)" : nil
  }
}

/// Whole entries say something else than what was decided on; nothing was done.
package struct GroundsDiffer: ExitingError, Equatable {
  /// What they say otherwise.
  let what: String

  init(_ what: String) { self.what = what }

  package var exitStatus: ExitStatus { .integrity }

  package var description: String {
    """
    Nothing was done: read again, the ledger says something else of \(what).
    See `stele verify`, then try again.
    """
  }
}
