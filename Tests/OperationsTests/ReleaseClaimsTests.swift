import CanonicalJSON
import Events
import LedgerStore
import Projections
import TestKit
import Testing

@testable import Operations

/// What an entry says of a release, held against what else the ledger says of it.
///
/// The entries are those of a deployment, one that led back by itself and a rollback by hand; each
/// test alters one event of one of them.
@Suite struct ReleaseClaimsTests {
  /// By position.
  private let entries: [[Recorded]]
  private let shop: Shop

  init() async throws {
    shop = try await Shop()
    try await shop.deploy("first")
    await shop.spoil(try await shop.build("second"))
    try await shop.deploy("second")
    try await shop.deploy("third")
    #expect(try await shop.rollBack(shop.plan()) == .succeeded)
    var events: [Int: [Recorded]] = [:]
    let size = try shop.session.ledger.head().size
    try shop.session.ledger.read { reader in
      try reader.forEachRecorded(in: 0..<size) { events[$0.position, default: []].append($0) }
    }
    entries = events.sorted { $0.key < $1.key }.map(\.value)
  }

  /// What is said when `alter` has had its way with every event.
  private func complaints(_ alter: (Recorded) -> Recorded?) -> [String] {
    var claims = ReleaseClaims()
    return entries.flatMap { claims.take($0.compactMap(alter)) }.map(\.what)
  }

  /// What is said when the deployment that took `release` was recorded as `alter` has it.
  private func complaints(
    about release: Int, _ alter: (DeploymentStarted) -> DeploymentStarted
  ) -> [String] {
    complaints { recorded in
      guard case .deployment(.started(let started)) = recorded.event, started.release == release
      else { return recorded }
      return recorded.saying(.deployment(.started(alter(started))))
    }
  }

  private static let other = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 7, count: 32)))

  @Test func `what commands record agrees`() {
    #expect(complaints { $0 } == [])
    #expect(
      entries.joined().compactMap { event -> ReleaseCause? in
        if case .release(let release) = event.event { release.cause } else { nil }
      } == [.deployment, .deployment, .rollback, .deployment, .rollback])
  }

  @Test func `a deployment and its release number say the same`() throws {
    #expect(
      complaints(about: 4) { $0.with(release: 9) }
        == ["starts with release 9, and its release says 4"])
    #expect(
      complaints(about: 4) { $0.with(configurationVersion: 2) }
        == ["starts with configuration 2, and its release says 1"])
    #expect(
      complaints(about: 4) { $0.with(cause: .rollback) }
        == ["starts with cause rollback, and its release says deployment"])
    #expect(
      complaints(about: 4) { $0.with(restores: 1) }
        == ["starts with restores 1, and its release says none"])
    #expect(
      complaints(about: 5) { $0.with(restores: 1) }
        == ["starts with restores 1, and its release says 3"])
    let words = try #require(complaints(about: 5) { $0.with(build: Self.other) }.first)
    #expect(words.hasPrefix("starts with build \(Self.other), and its release says sha256:"))
  }

  @Test func `a deployment without a release number is named`() {
    let said = complaints { recorded in
      if case .release(let release) = recorded.event, release.cause == .deployment { return nil }
      return recorded
    }
    #expect(said == Array(repeating: "takes no release number", count: 3))
  }

  @Test func `artifacts that are not in the build are named`() {
    #expect(
      complaints(about: 5) { started in
        started.with(
          components: started.components.map {
            DeploymentComponent(
              artifact: Self.other, health: $0.health, name: $0.name, replicas: $0.replicas,
              takesTraffic: $0.takesTraffic)
          })
      }.first?.hasPrefix("runs web from \(Self.other.shortText), which is not in build ") == true)
  }

  @Test func `nothing is deployed for a mere configuration`() {
    let said = complaints { recorded in
      switch recorded.event {
      case .deployment(.started(let started)) where started.release == 4:
        recorded.saying(.deployment(.started(started.with(cause: .configuration))))
      case .release(let release) where recorded.version == 4:
        recorded.saying(
          .release(
            ReleaseStarted(
              cause: .configuration, build: release.build, configuration: release.configuration)))
      default: recorded
      }
    }
    #expect(said == ["starts for a mere configuration, which waits for a deployment"])
  }

  @Test func `a deployment runs every component of its build, each once`() throws {
    let short = try #require(builds.last).shortText
    #expect(
      complaints(about: 5) { $0.with(components: $0.components.filter { $0.name == "web" }) }
        == ["leaves out worker, which is in build \(short)"])
    #expect(
      complaints(about: 5) { $0.with(components: $0.components + $0.components.prefix(1)) }
        == ["runs web twice"])
  }

  @Test func `a deployment runs what its configuration says, as often`() {
    #expect(
      complaints(about: 4) { started in
        started.with(components: started.components.map { $0.with(replicas: 0) })
      } == ["runs 0 of web, otherwise than configuration 1 says"])
    #expect(
      complaints(about: 4) { started in
        started.with(components: started.components.map { $0.with(takesTraffic: true) })
      }.first?.hasPrefix("runs ") == true)
  }

  /// Of deployments, in order.
  private var builds: [ContentDigest] {
    entries.joined().compactMap { event in
      if case .deployment(.started(let started)) = event.event { started.build } else { nil }
    }
  }

  @Test(arguments: [3, 5], [true, false])
  func `a rollback says which build and which configuration it brings back`(
    number: Int, namesBuild: Bool
  ) {
    let said = complaints { recorded in
      guard case .release(let release) = recorded.event, recorded.version == number else {
        return recorded
      }
      return recorded.saying(
        .release(
          ReleaseStarted(
            cause: .rollback, build: namesBuild ? release.build : nil,
            configuration: namesBuild ? nil : release.configuration, restores: release.restores)))
    }
    #expect(said.contains("is a rollback and names no build, or no configuration"))
  }

  @Test func `a build that nobody recorded is named`() {
    let said = complaints { recorded in
      if case .build = recorded.event { nil } else { recorded }
    }
    #expect(said.count == 4)
    #expect(said.allSatisfy { $0.hasSuffix(", which nobody recorded") })
  }

  @Test func `a build that is not what its digest names is named`() {
    let said = complaints { recorded in
      guard case .build(let build) = recorded.event else { return recorded }
      return recorded.saying(
        .build(
          BuildRecorded(
            build: build.build, change: build.change,
            components: [
              BuildComponent(artifact: Self.other, name: "web", sizeBytes: 1)
            ])))
    }
    #expect(said.count { $0.hasPrefix("calls build ") } == 3)
  }

  @Test(arguments: [[BuildComponent](), [component, component]])
  func `a build is of components, each once`(components: [BuildComponent]) {
    let said = complaints { recorded in
      guard case .build(let build) = recorded.event else { return recorded }
      return recorded.saying(
        .build(BuildRecorded(build: build.build, change: build.change, components: components)))
    }
    #expect(said.count { $0 == "names no component, or one twice" } == 3)
  }

  private static let component = BuildComponent(artifact: other, name: "web", sizeBytes: 1)

  @Test func `a rollback by hand is to something that ran healthy`() {
    let said = complaints { recorded in
      switch recorded.event {
      case .deployment(.started(let started)) where started.release == 5:
        recorded.saying(.deployment(.started(started.with(restores: 2))))
      default: recorded
      }
    }
    #expect(said == ["restores staging#2, which never ran healthy"])
  }

  @Test(arguments: ["limits", "rollback", "strategy", "waits"])
  func `a deployment that goes another way than its configuration says is named`(what: String) {
    let patient = DeploymentLimits(
      bakeMs: 0, drainMs: 0, healthyThreshold: 1, probeIntervalMs: 1_000, probeTimeoutMs: 500,
      progressDeadlineMs: 60_000, startupDeadlineMs: 60_000, stopGraceMs: 1_000, surge: 9,
      unhealthyThreshold: 99)
    let said = complaints(about: 1) { started in
      switch what {
      case "limits": started.with(limits: patient)
      case "rollback":
        started.with(
          rollback: DeploymentRollback(
            automatic: !started.rollback.automatic, enabled: started.rollback.enabled))
      case "strategy": started.with(strategy: started.strategy == .rolling ? .blueGreen : .rolling)
      default: started.with(skipsWaits: true)
      }
    }
    #expect(
      said == [
        what == "waits"
          ? "skips its waits and is no rollback"
          : "is brought out by other limits, or another way, than configuration 1 says"
      ])
  }

  @Test(
    arguments: [
      (ReleaseCause.rollback, nil, "is a rollback and does not say of what"),
      (.configuration, 1, "restores staging#1 and is no rollback"),
      (.deployment, 1, "restores staging#1 and is no rollback"),
    ] as [(ReleaseCause, Int?, String)])
  func `only a rollback restores, and it says what`(
    cause: ReleaseCause, restores: Int?, words: String
  ) {
    let said = complaints { recorded in
      guard case .release(let release) = recorded.event, recorded.version == 5 else {
        return recorded
      }
      return recorded.saying(
        .release(
          ReleaseStarted(
            cause: cause, build: release.build, configuration: release.configuration,
            restores: restores)))
    }
    #expect(said.contains(words))
  }
}

extension Recorded {
  fileprivate func saying(_ event: LedgerEvent) -> Recorded {
    Recorded(
      position: position, index: index, recorded: recorded, entry: entry, actor: actor,
      behalf: behalf, scope: scope, stream: stream, version: version, event: event)
  }
}

extension DeploymentComponent {
  fileprivate func with(replicas: Int? = nil, takesTraffic: Bool? = nil) -> DeploymentComponent {
    DeploymentComponent(
      artifact: artifact, health: health, name: name, replicas: replicas ?? self.replicas,
      takesTraffic: takesTraffic ?? self.takesTraffic)
  }
}

extension DeploymentStarted {
  fileprivate func with(
    build: ContentDigest? = nil, cause: ReleaseCause? = nil,
    components: [DeploymentComponent]? = nil, configurationVersion: Int? = nil,
    limits: DeploymentLimits? = nil, release: Int? = nil, restores: Int? = nil,
    rollback: DeploymentRollback? = nil, skipsWaits: Bool? = nil, strategy: RolloutStrategy? = nil
  ) -> DeploymentStarted {
    DeploymentStarted(
      build: build ?? self.build, cause: cause ?? self.cause, change: change,
      components: components ?? self.components,
      configurationVersion: configurationVersion ?? self.configurationVersion,
      limits: limits ?? self.limits,
      predecessor: predecessor, reason: reason, release: release ?? self.release,
      restores: restores ?? self.restores, rollback: rollback ?? self.rollback,
      skipsWaits: skipsWaits ?? self.skipsWaits, strategy: strategy ?? self.strategy)
  }
}
