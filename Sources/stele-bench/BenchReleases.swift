import Access
import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import Operations
import Projections

/// Two releases that went well, each on a decision of its own, before anything else: what there is
/// to go back to.
struct BenchReleases {
  private let session: Session
  private let service: Signer

  init(_ session: Session, by service: Signer) {
    self.session = session
    self.service = service
  }

  static var place: Place {
    get throws {
      Place(
        try ApplicationName(parsing: "tamma"), try EnvironmentName(parsing: "production"))
    }
  }

  func record() async throws {
    let person = try await session.person(keyAt: nil)
    for number in 1...2 {
      let id = DeploymentID.make(at: session.time.now(), random: session.random.bytes(10))
      let authorization = try await session.authorize(
        .startDeployment, by: person, in: Self.place)
      _ = try await session.recordFact(
        try start(number, as: id, resting: authorization), by: person)
      _ = try await session.recordFact(
        EntryDraft([
          DraftEvent(
            DeploymentSucceeded(durationMs: 42_000, release: number), in: .deployment(id),
            scope: try Self.place.scope)
        ]), by: service)
    }
  }

  private func start(
    _ number: Int, as id: DeploymentID, resting authorization: Authorization
  ) throws -> EntryDraft {
    let place = try Self.place
    let build = ContentDigest(
      sha256: Digest(bytes: [UInt8](repeating: UInt8(number), count: Digest.byteCount)))
    let started = DeploymentStarted(
      build: build, cause: .deployment, change: Change(),
      components: [
        DeploymentComponent(
          artifact: build, health: .http, name: try ComponentName(parsing: "orchestrator"),
          replicas: 2, takesTraffic: true)
      ], configurationVersion: 1,
      limits: DeploymentLimits(
        bakeMs: 30_000, drainMs: 10_000, healthyThreshold: 2, probeIntervalMs: 1_000,
        probeTimeoutMs: 500, progressDeadlineMs: 600_000, startupDeadlineMs: 60_000,
        stopGraceMs: 10_000, surge: 1, unhealthyThreshold: 3),
      predecessor: nil, release: number,
      rollback: DeploymentRollback(automatic: true, enabled: true),
      skipsWaits: false, strategy: .blueGreen)
    let configuration = StreamName.configuration(place.application, place.environment)
    let version = try session.ledger.version(of: configuration)
    return EntryDraft(
      [
        DraftEvent(started, in: .deployment(id), scope: place.scope),
        DraftEvent(
          ReleaseStarted(cause: .deployment, build: build, configuration: 1),
          in: .release(place.application, place.environment), scope: place.scope),
      ],
      expects: authorization.expects.merging([configuration: version]) { _, version in version },
      because: [authorization.decision])
  }
}
