import Environments
import Events
import Platforms
import Projections
import Rollouts
import SecretStore
import Synchronization
import TestKit
import Testing

@testable import Operations

/// What happens to the new release while the old one is being stopped.
@Suite struct StoppingTests {
  @Test func `a new replica that dies sends the deployment back`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    let second = try await shop.build("second")
    let end = try await shop.deploy(second) {
      // The way back takes a number of its own.
      (try? await shop.session.state().releases.all(in: Shop.staging).count) == 3
    }

    #expect(end.word == "rolledBack")
    let running = await shop.platform.running()
    #expect(running.map(\.spec.component).sorted() == ["web", "worker"])
    #expect(running.allSatisfy { $0.spec.build != second })
    #expect(try await shop.disagreements() == [])
  }

  @Test func `where it is held meanwhile, status says who has ended and where requests go`()
    async throws
  {
    let shop = try await Shop()
    try shop.files.write(automatic: false)
    try await shop.deploy("first")

    let end = try await shop.deploy(shop.build("second")) {
      (try? await shop.session.state().deployments.open(in: Shop.staging)) == nil
    }

    #expect(end.word == "held")
    let status = try await StatusWork(shop.session).status(
      of: Shop.staging, at: shop.session.now(),
      sight: RuntimeSight(hasAgent: true, hasRouter: true))
    let unsettled = try #require(status.unsettled)
    #expect(status.running?.release == 1)
    #expect(unsettled.release == 2)
    #expect(unsettled.requests == [2])
    #expect(unsettled.ended(of: "web", new: false) == 1)
    #expect(unsettled.ended(of: "web", new: true) == 0)
    #expect(status.instances.allSatisfy { $0.isNew || $0.component != "web" })
  }
}

extension Shop {
  /// Deploys `build`, whose worker ends when the first old replica is asked to, which waits until
  /// `hasFollowed`.
  fileprivate func deploy(
    _ build: ContentDigest, until hasFollowed: @escaping @Sendable () async -> Bool
  ) async throws -> DeploymentEnd {
    let hasCrashed = Mutex(false)
    let platform = InterruptedPlatform(
      platform,
      beforeStop: { [self] in
        let worker = await self.platform.running().first {
          $0.spec.build == build && $0.spec.component == "worker"
        }
        let isFirst = hasCrashed.withLock { crashed in
          defer { crashed = true }
          return !crashed
        }
        guard let worker, isFirst else { return }
        await self.platform.crash(worker.spec.instance)
        _ = await eventually { await hasFollowed() }
      })
    return try await DeployWork(session, runtimes: InterruptedRuntimes(runtimes, platform))
      .deploy(wish(build), by: person, observer: { _ in })
  }
}

/// A simulated environment of which the platform is interrupted.
private struct InterruptedRuntimes: RuntimeProvider {
  var sources: SecretSources { SecretSources(variables: [:]) }
  private let runtimes: SimulatedRuntimes
  private let platform: InterruptedPlatform

  init(_ runtimes: SimulatedRuntimes, _ platform: InterruptedPlatform) {
    self.runtimes = runtimes
    self.platform = platform
  }

  func preflight(
    _ configuration: ResolvedConfiguration, for cause: ReleaseCause
  ) async -> [String] { [] }

  func runtime(of environment: EnvironmentName) async throws -> EnvironmentRuntime {
    EnvironmentRuntime(platform: platform, router: runtimes.router, prober: runtimes.gate)
  }

  func sight(of environment: EnvironmentName) -> EnvironmentSight {
    runtimes.sight(of: environment)
  }
}
