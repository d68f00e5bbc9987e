import CanonicalJSON
import Events

/// What an event says, held against nothing but itself.
enum RecordedClaims {
  /// What is wrong with it, as a clause; nil where nothing is.
  static func complaint(about recorded: Recorded) -> String? {
    switch recorded.event {
    case .configuration(let applied): complaint(about: applied)
    case .access(let event): complaint(about: event, in: recorded.stream)
    case .policy(.adopted(let adopted)): complaint(about: adopted)
    case .unreadable(_, let fault): "has data that cannot be read: \(fault)"
    case .ledger, .key, .approval, .policy(.decided), .build, .release, .deployment, .health,
      .replica,
      .router, .lease, .usage, .cost, .retention, .privacy, .review, .secret, .drift, .sync,
      .unknown:
      nil
    }
  }

  private static func complaint(about applied: ConfigurationApplied) -> String? {
    let own = ContentDigest(of: .object(applied.configuration))
    guard own != applied.digest else { return nil }
    return "calls configuration \(applied.digest.shortText) what is configuration \(own.shortText)"
  }

  private static func complaint(about adopted: PolicyAdopted) -> String? {
    let own = ContentDigest(of: .object(adopted.contents))
    guard own != adopted.policy else { return nil }
    return "calls policy \(adopted.policy.shortText) what is policy \(own.shortText)"
  }

  /// Decisions on somebody's access expect the version of their own stream, and of no other.
  private static func complaint(about event: AccessEvent, in stream: StreamName) -> String? {
    guard let (actor, own) = event.subject, stream != own else { return nil }
    return "is about \(actor), and stands in \(stream)"
  }
}

extension AccessEvent {
  /// Whose access it is about, and where that belongs; nil for what is about nobody in particular.
  fileprivate var subject: (actor: ActorID, stream: StreamName)? {
    switch self {
    case .granted(let granted): (granted.actor, .grant(granted.actor))
    case .withdrawn(let withdrawn): (withdrawn.actor, .grant(withdrawn.actor))
    case .suspended(let suspended): (suspended.actor, .grant(suspended.actor))
    case .reinstated(let reinstated): (reinstated.actor, .grant(reinstated.actor))
    case .reviewed(let reviewed): (reviewed.actor, .grant(reviewed.actor))
    case .identityAdded(let added): (added.actor, .grant(added.actor))
    case .identityRemoved(let removed): (removed.actor, .grant(removed.actor))
    case .attested(let attested): (attested.actor, .attestation(attested.actor))
    case .decided, .issuerAdded, .issuerRemoved: nil
    }
  }
}
