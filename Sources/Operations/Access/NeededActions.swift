import Access
import Events

/// What nobody may record without a decision, and by a decision about what.
enum NeededActions {
  /// The actions of which one has to be allowed to whoever records `event`; empty where none has.
  ///
  /// - Parameter entry: All events that are recorded with it.
  static func of(_ event: LedgerEvent, in entry: [Recorded]) -> [Action] {
    let breaksGlass = entry.contains(where: \.opensReview)
    return switch event {
    case .build: [.recordBuild]
    case .configuration, .release:
      // A release that cannot be read is not a reason to look away from what stands beside it.
      [
        breaksGlass
          ? .breakGlass : entry.lazy.compactMap(\.releaseAction).first ?? .applyConfiguration
      ]
    case .deployment(.started(let started)): [breaksGlass ? .breakGlass : started.cause.action]
    case .review(.opened): [.breakGlass]
    case .review(.closed): [.closeReview]
    case .deployment(.abortRequested): [.rollBack, .recoverDeployment]
    case .approval(.requested): [.startDeployment]
    case .approval(.given), .approval(.rejected), .approval(.withdrawn): [.approve]
    case .key(.registered): [.addKey, .rotateLogKey]
    case .key(.revoked): [.revokeKey, .rotateLogKey]
    case .access(.granted): [.addKey, .grantAccess]
    case .access(.withdrawn): [.revokeAccess]
    case .access(.suspended): [.suspendAccess]
    case .access(.reinstated): [.reinstateAccess]
    case .access(.reviewed): [.reviewAccess]
    case .access(.issuerAdded), .access(.issuerRemoved): [.trustIssuer]
    case .policy(.adopted): [.adoptPolicy]
    case .access(.identityAdded), .access(.identityRemoved): [.bindIdentity]
    case .cost: [.importCost]
    case .secret(.set), .secret(.retired), .secret(.removed): [.writeSecret]
    // Whoever sets the first secret makes the key file that opens it.
    case .secret(.recipientAdded(let added)):
      added.recipient.recipient == .keyFile ? [.writeSecret, .shareSecrets] : [.shareSecrets]
    case .secret(.recipientRemoved): [.shareSecrets]
    case .drift: [.scanDrift, .startSync]
    case .sync(.started): [.startSync]
    // Where nothing begins with it, what was begun is taken over.
    case .lease(.taken):
      [
        breaksGlass
          ? .breakGlass : entry.lazy.compactMap(\.drivingAction).first ?? .recoverDeployment
      ]
    case .ledger, .policy(.decided), .deployment, .health, .replica, .router, .lease, .usage,
      .retention,
      .privacy, .access(.decided), .access(.attested), .sync, .unknown, .unreadable:
      []
    }
  }
}

extension ReleaseCause {
  fileprivate var action: Action {
    switch self {
    case .configuration: .applyConfiguration
    case .deployment: .startDeployment
    case .rollback: .rollBack
    }
  }
}

extension Recorded {
  fileprivate var opensReview: Bool {
    if case .review(.opened) = event { true } else { false }
  }

  fileprivate var releaseAction: Action? {
    if case .release(let started) = event { started.cause.action } else { nil }
  }

  /// Of what begins, and is driven from then on.
  fileprivate var drivingAction: Action? {
    switch event {
    case .deployment(.started(let started)): started.cause.action
    case .sync(.started): .startSync
    default: nil
    }
  }
}
