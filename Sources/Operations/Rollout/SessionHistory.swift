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
  ///
  /// Every entry from its beginning to its newest is looked at, and no index of them, which whoever
  /// can write the file could have shortened.
  ///
  /// - Throws: For a process that appends also what shows that these entries are not, or not all,
  ///   what the log has signed.
  package func history(of deployment: DeploymentID) throws -> DeploymentHistory? {
    guard let known = try state().deployments.byID[deployment] else { return nil }
    let positions = known.position..<known.last + 1
    let isProven = ledger.purpose == .appending
    return DeploymentHistory(
      try ledger.read { reader in
        guard isProven else { return try reader.recorded(in: positions, about: deployment) }
        return try reader.proven(in: positions) {
          try $0.read().events.filter { $0.isAbout(deployment) }
        }
      })
  }
}

extension LedgerReader {
  fileprivate func recorded(
    in positions: Range<Int>, about deployment: DeploymentID
  ) throws -> [Recorded] {
    var events: [Recorded] = []
    try forEachRecorded(in: positions) { if $0.isAbout(deployment) { events.append($0) } }
    return events
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
