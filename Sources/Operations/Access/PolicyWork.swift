import Access
import Environments
import Events
import LedgerStore
import Projections

/// `stele policy adopt`: an administrator says which policy alone lets anything in.
package struct PolicyWork: Sendable {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// Decides and records: the decision signed by the service, the adoption by the administrator.
  /// A verdict that is given meanwhile by another policy lets nothing in: whatever rests on one
  /// expects the version of the adoptions that it was given under.
  ///
  /// Commit point: the entry of the adoption. A crash before it leaves a decision on which nothing
  /// rests.
  ///
  /// - Returns: What is adopted, and where that stands.
  /// - Throws: ``PolicyError``; ``AccessDenied`` after the denial was recorded; `KeyFileError`.
  package func adopt(
    _ policy: Policy, on grounds: AccessGrounds
  ) async throws -> Policies.Adopted {
    let administrator = try await session.signer(.administrator)
    try await session.state().check(policy)
    let authorization = try await session.authorize(
      .adoptPolicy, by: administrator, application: nil, environment: nil)
    let sealed = try await session.seal(grounds.reason, of: administrator)
    let event = DraftEvent(
      PolicyAdopted(
        contents: policy.recorded, policy: policy.digest, reason: sealed?.sealed,
        ticket: grounds.ticket), in: .policies)
    _ = try await session.resting(on: authorization, .adoptPolicy, by: administrator) {
      session, state, granted in
      try state.check(policy)
      return try session.record(
        EntryDraft([event], resting: granted), by: administrator,
        sealed: sealed.map { [$0] } ?? [],
        versions: [.policies: state.policies.version + 1])
    }
    guard let adopted = try await session.state().policies.adopted else {
      preconditionFailure("a policy was adopted and is not there")
    }
    return adopted
  }
}

extension LedgerState {
  fileprivate func check(_ policy: Policy) throws(PolicyError) {
    guard let adopted = policies.adopted, adopted.policy == policy.digest else { return }
    throw .unchanged(policy.digest, at: adopted.position)
  }
}

/// Why no policy was adopted; the ledger is as it was.
package enum PolicyError: ExitingError, Equatable {
  /// There is no file.
  case missing
  case unchanged(ContentDigest, at: Int)

  package var exitStatus: ExitStatus {
    switch self {
    case .missing: .configuration
    case .unchanged: .badData
    }
  }

  package var description: String {
    switch self {
    case .missing:
      """
      Nothing was recorded: there is no \(ConfigurationDirectory.policyFile) to adopt.
      Write one; `everywhere: {}` asks nothing of anybody.
      """
    case .unchanged(let policy, let position):
      """
      Nothing was recorded: policy \(policy.shortText) is adopted since position \(position).
      See it with `stele policy show`.
      """
    }
  }
}
