import Environments
import Events
import Platforms
import Projections
import Rollouts
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
    let hasCrashed = Mutex(false)
    let platform = InterruptedPlatform(
      shop.platform,
      beforeStop: { [shop] in
        let worker = await shop.platform.running().first {
          $0.spec.build == second && $0.spec.component == "worker"
        }
        let isFirst = hasCrashed.withLock { crashed in
          defer { crashed = true }
          return !crashed
        }
        guard let worker, isFirst else { return }
        await shop.platform.crash(worker.spec.instance)
        // The way back takes a number of its own.
        _ = await eventually {
          (try? await shop.session.state().releases.all(in: Shop.staging).count) == 3
        }
      })

    let end = try await DeployWork(
      shop.session, runtimes: InterruptedRuntimes(shop.runtimes, platform)
    ).deploy(shop.wish(second), by: shop.person, observer: { _ in })

    #expect(end.word == "rolledBack")
    let running = await shop.platform.running()
    #expect(running.map(\.spec.component).sorted() == ["web", "worker"])
    #expect(running.allSatisfy { $0.spec.build != second })
    #expect(try await shop.disagreements() == [])
  }
}

/// A simulated environment of which the platform is interrupted.
private struct InterruptedRuntimes: RuntimeProvider {
  private let runtimes: SimulatedRuntimes
  private let platform: InterruptedPlatform

  init(_ runtimes: SimulatedRuntimes, _ platform: InterruptedPlatform) {
    self.runtimes = runtimes
    self.platform = platform
  }

  func preflight(_ configuration: ResolvedConfiguration) async -> [String] { [] }

  func runtime(of environment: EnvironmentName) async throws -> EnvironmentRuntime {
    EnvironmentRuntime(platform: platform, router: runtimes.router, prober: runtimes.gate)
  }
}
