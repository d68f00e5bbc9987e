import Environments
import Events
import LedgerStore
import Projections

/// `stele promote`: exactly the build of one environment's release, for another one.
package struct PromoteWork: Sendable {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// What a promotion would bring; nothing has happened.
  package struct Plan: Sendable, Equatable {
    package let promotes: ReleasePromotion
    package let build: ContentDigest
    /// What the policy asks of the build, and whether it was shown.
    package let proofs: [BuildProof]
    /// What the policy says of all of it.
    package let judgement: PolicyJudgement
    /// The digest that approvals would be of.
    package let plan: ContentDigest
    /// Whose approvals the policy asks for; nil where nobody's.
    package let approvals: ApprovalRule?
    /// From what the release ran with there to what the build will run with here.
    package let difference: [ConfigurationDifference]
  }

  /// - Parameters:
  ///   - selector: A release of the environment that it comes from; nil for the one that runs
  ///     there, proven.
  ///   - configuration: Of the environment that it goes to.
  /// - Throws: ``DeploymentError/nothingToPromote(_:)``, `SelectorError`, and what
  ///   ``Session/prove(_:in:)`` throws.
  package func plan(
    from source: KnownEnvironment, _ selector: Selector?, to configuration: ResolvedConfiguration,
    by policy: Policy
  ) async throws -> Plan {
    let state = try await session.state()
    let place = Place(configuration.place.application, source.name)
    let release = try release(selector, in: place, state)
    guard let build = release.build, release.configurationVersion != nil else {
      throw DeploymentError.nothingToPromote(source.name)
    }
    let applied = try state.configuration(of: release, in: place)
    try await session.prove(DecisionGrounds(of: release, build, applied, in: place), in: state)
    let proofs = BuildProof.all(
      of: build, in: configuration.place, from: source, by: policy, state)
    let spending = try await session.spending(in: configuration.place, by: policy)
    let promotes = ReleasePromotion(of: source.name, release.number)
    return Plan(
      promotes: promotes, build: build, proofs: proofs,
      judgement: PolicyJudgement(
        of: configuration, by: policy, proofs: proofs, spending: spending,
        at: session.time.now()),
      plan: ReviewedPlan(
        of: build, promoting: promotes, with: configuration, by: policy, on: state
      ).digest, approvals: policy.control(of: configuration.environment.name).approvals,
      difference: ConfigurationDifference.all(
        from: applied.configuration, to: configuration.recorded))
  }

  private func release(
    _ selector: Selector?, in place: Place, _ state: LedgerState
  ) throws -> Releases.Release {
    if let selector { return try state.releases.resolve(selector, of: place.application) }
    guard let running = state.running.running(in: place), running.certainty == .proven,
      let release = state.releases.number(running.release, in: place)
    else { throw DeploymentError.nothingToPromote(place.environment) }
    return release
  }
}
