import Access
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Platforms
import Projections

/// `stele drift`: compares files, ledger and what really runs, and records what is new of it.
package struct DriftWork: Sendable {
  private let session: Session
  private let runtimes: any RuntimeProvider

  package init(_ session: Session, runtimes: any RuntimeProvider) {
    self.session = session
    self.runtimes = runtimes
  }

  /// Decides, looks, and records; starts and changes nothing.
  ///
  /// Commit points: entries of what is found and resolved, the last of them with the scan. A crash
  /// in between leaves findings, which the next scan finds open, and no scan.
  ///
  /// - Parameter files: What a deployment would record now, or why that is not known.
  /// - Throws: ``AccessDenied`` after the denial was recorded; what makes the ledger's record of
  ///   the place unreadable.
  package func scan(
    _ place: Place, files: Sighting<JSONObject>, by person: Signer
  ) async throws -> DriftReport {
    let authorization = try await session.authorize(.scanDrift, by: person, in: place)
    let reader = DriftReader(session: session, sight: runtimes.sight(of: place.environment))
    let scan = try await reader.scan(place, files: files)
    let news = try await session.record(scan, by: person, resting: authorization, .scanDrift)
    return DriftReport(scan, news)
  }
}

/// What a scan saw, and what of it is new to the ledger.
package struct DriftReport: Hashable, Sendable {
  /// Everything, in order.
  package let findings: [DriftFinding]
  package let scanned: DriftScanned
  package let news: DriftNews

  init(_ scan: DriftScan, _ news: DriftNews) {
    findings = scan.comparison.findings
    scanned = scan.content
    self.news = news
  }

  /// What could not be looked at outweighs what was found: it is no pass, and more may be there.
  package var exitStatus: ExitStatus {
    guard scanned.notCompared == 0 else { return .inconclusive }
    return scanned.found == 0 ? .success : .different
  }
}

extension Session {
  /// Records a scan against what is open now; of two at once the later finds what the other has
  /// recorded.
  func record(
    _ scan: DriftScan, by person: Signer, resting authorization: Authorization, _ action: Action
  ) throws -> DriftNews {
    let place = scan.place
    return try resting(
      on: authorization, action, by: person, application: place.application,
      environment: place.environment
    ) { session, state, granted in
      let news = DriftNews(open: state.drifts.open(in: place), now: scan.comparison.findings)
      let stream = StreamName.drift(place.application, place.environment)
      var next = state.drifts.version(in: place) + 1
      for events in news.entries(scan.content, in: place) {
        _ = try session.record(
          EntryDraft(events, expects: granted.expects, because: [granted.decision]),
          by: session.service(for: person), versions: [stream: next])
        next += events.count
      }
      return news
    }
  }
}
