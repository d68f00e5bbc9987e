import Events
import Platforms
import Rollouts
import TestKit
import Testing

/// Every platform and router keeps the promises of its seam.
@Suite struct ContractTests {
  @Test(arguments: PlatformContract.allCases)
  func `processes keep the contract`(clause: PlatformContract) async throws {
    let directory = TestDirectory()
    let (platform, _) = try await ProcessPlatform.open(directory.run)

    try await clause.check(ShellSubject(platform: platform, directory: directory))
  }

  @Test(arguments: PlatformContract.allCases)
  func `processes under an agent keep the contract`(clause: PlatformContract) async throws {
    let directory = TestDirectory()

    try await RunningAgent.run(in: directory) { agent in
      try await clause.check(ShellSubject(platform: agent.client, directory: directory))
    }
  }

  @Test(arguments: PlatformContract.allCases)
  func `the simulation keeps the contract`(clause: PlatformContract) async throws {
    try await clause.check(SimulatedSubject())
  }

  @Test(arguments: TrafficContract.allCases)
  func `HAProxy keeps the contract`(clause: TrafficContract) async throws {
    let directory = TestDirectory()
    let router = HAProxyRouter(directory.run)
    let ports = freePorts(2)

    do {
      try await clause.check(
        router, Frontend(name: "web", port: ports[0]), Frontend(name: "api", port: ports[1]))
    } catch {
      try await router.stop()
      throw error
    }
  }

  @Test(arguments: TrafficContract.allCases)
  func `the simulated router keeps the contract`(clause: TrafficContract) async throws {
    try await clause.check(
      SimulatedRouter(), Frontend(name: "web", port: 8_080), Frontend(name: "api", port: 8_081))
  }
}

/// Replicas that are shell scripts.
struct ShellSubject: PlatformSubject {
  let platform: any Platform
  let directory: TestDirectory

  func spec(_ instance: InstanceName, _ behaviour: ContractBehaviour) -> ReplicaSpec {
    let command =
      switch behaviour {
      case .endless: ["/bin/sleep", "600"]
      case .ending(let status): ["/bin/sh", "-c", "exit \(status)"]
      case .stubborn: ["/bin/sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 0.1; done"]
      case .missing: ["bin/nothing"]
      }
    return ReplicaSpec(
      environment: "staging", component: "web", instance: instance, build: build,
      intent: "a contract", command: command, workingDirectory: directory.path, wantsPort: true,
      logDirectory: "\(directory.path)/logs", health: .process)
  }

  func awaitStubbornness(of replica: RunningReplica) async throws {
    try #require(await eventually { text(of: replica.spec.logPath) == "deaf\n" })
  }
}

struct SimulatedSubject: PlatformSubject {
  private let simulation: SimulatedPlatform
  var platform: any Platform { simulation }

  init() async {
    simulation = SimulatedPlatform(clock: ContinuousClock())
    await simulation.behave(.with { $0.ignoresTermination = true }) { $0.command == ["stubborn"] }
    await simulation.behave(.with { $0.isMissing = true }) { $0.command == ["missing"] }
    await simulation.behave(.with { $0.life = (.zero, .status(3)) }) { $0.command == ["ending"] }
  }

  func spec(_ instance: InstanceName, _ behaviour: ContractBehaviour) -> ReplicaSpec {
    let command =
      switch behaviour {
      case .endless: "endless"
      case .ending: "ending"
      case .stubborn: "stubborn"
      case .missing: "missing"
      }
    return ReplicaSpec(
      environment: "staging", component: "web", instance: instance, build: build,
      intent: "a contract", command: [command], workingDirectory: "/", wantsPort: true,
      logDirectory: "/", health: .http(path: "/health"))
  }
}
