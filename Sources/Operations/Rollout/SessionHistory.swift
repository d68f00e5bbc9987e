import Events
import LedgerStore
import Projections

extension Session {
  /// - Throws: ``DeploymentError/unknown(_:)`` where there is no such deployment; what makes its
  ///   entries unreadable.
  func knownHistory(of deployment: DeploymentID) throws -> DeploymentHistory {
    guard let history = try history(of: deployment) else {
      throw DeploymentError.unknown("\(deployment)")
    }
    return history
  }

  /// One deployment as the ledger tells it; nil when there is no such deployment.
  package func history(of deployment: DeploymentID) throws -> DeploymentHistory? {
    guard let known = try state().deployments.byID[deployment] else { return nil }
    return try ledger.read { reader in
      var positions = try reader.positions(
        matching: EntryFilter(stream: .deployment(deployment)))
      positions += try reader.positions(
        matching: EntryFilter(
          stream: .health(known.place.application, known.place.environment),
          kind: KindSelection(HealthChecked.kind), from: known.started,
          until: known.ended?.adding(milliseconds: 1)))
      positions += try reader.positions(
        matching: EntryFilter(
          stream: .lease(known.place.application, known.place.environment),
          kind: KindSelection(LeaseTaken.kind), from: known.started,
          until: known.ended?.adding(milliseconds: 1)))
      var events: [Recorded] = []
      for position in Set(positions).sorted() {
        events += try reader.entry(at: position).read().events
      }
      return DeploymentHistory(events.filter { $0.isAbout(deployment) })
    }
  }
}

extension Recorded {
  fileprivate func isAbout(_ deployment: DeploymentID) -> Bool {
    switch event {
    case .health(.checked(let check)): check.deployment == deployment
    case .lease(.taken(let taken)): taken.deployment == deployment
    default: self.deployment == deployment
    }
  }
}
