import Access
import CanonicalJSON
import Cryptography
import Environments
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
      let build = try await recordBuild(number, by: person)
      let id = DeploymentID.make(at: session.time.now(), random: session.random.bytes(10))
      let authorization = try await session.authorize(
        .startDeployment, by: person, in: Self.place)
      let running = try await session.state().running.running(in: Self.place)
      _ = try await session.recordFact(
        try start(number, of: build, as: id, after: running, resting: authorization), by: person)
      _ = try await session.recordFact(
        EntryDraft([
          DraftEvent(
            DeploymentSucceeded(durationMs: 42_000, release: number), in: .deployment(id),
            scope: try Self.place.scope)
        ]), by: service)
    }
  }

  private func recordBuild(_ number: Int, by person: Signer) async throws -> Build {
    let application = try Self.place.application
    let artifact = ContentDigest(
      sha256: Digest(bytes: [UInt8](repeating: UInt8(number), count: Digest.byteCount)))
    let build = Build(
      application: application,
      components: [
        .init(name: try ComponentName(parsing: "orchestrator"), artifact: artifact, sizeBytes: 1)
      ])
    let authorization = try await session.authorize(
      .recordBuild, by: person, application: application, environment: nil)
    let recorded = BuildRecorded(
      build: build.digest, change: Change(),
      components: build.components.map {
        BuildComponent(artifact: $0.artifact, name: $0.name, sizeBytes: $0.sizeBytes)
      })
    _ = try await session.recordFact(
      EntryDraft(
        [DraftEvent(recorded, in: .build(application), scope: Scope(application: application))],
        expects: authorization.expects, because: [authorization.decision]), by: person)
    return build
  }

  private func start(
    _ number: Int, of build: Build, as id: DeploymentID, after running: RunningReleases.Running?,
    resting authorization: Authorization
  ) throws -> EntryDraft {
    let place = try Self.place
    let started = DeploymentStarted(
      build: build.digest, cause: .deployment, change: Change(),
      components: build.components.map {
        DeploymentComponent(
          artifact: $0.artifact, health: .http, name: $0.name, replicas: 2, takesTraffic: true)
      }, configurationVersion: 1,
      limits: DeploymentLimits(
        bakeMs: 30_000, drainMs: 10_000, healthyThreshold: 2, probeIntervalMs: 1_000,
        probeTimeoutMs: 500, progressDeadlineMs: 600_000, startupDeadlineMs: 60_000,
        stopGraceMs: 10_000, surge: 1, unhealthyThreshold: 3),
      predecessor: running.map { DeploymentPredecessor($0, standing: []) }, release: number,
      rollback: DeploymentRollback(automatic: true, enabled: true),
      skipsWaits: false, strategy: .blueGreen)
    let configuration = StreamName.configuration(place.application, place.environment)
    let version = try session.ledger.version(of: configuration)
    return EntryDraft(
      [
        DraftEvent(started, in: .deployment(id), scope: place.scope),
        DraftEvent(
          ReleaseStarted(cause: .deployment, build: build.digest, configuration: 1),
          in: .release(place.application, place.environment), scope: place.scope),
      ],
      expects: authorization.expects.merging([configuration: version]) { _, version in version },
      because: [authorization.decision])
  }
}
