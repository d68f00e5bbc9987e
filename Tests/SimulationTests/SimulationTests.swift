import Foundation
import Testing

@testable import Simulation

/// Histories of a ledger on a machine that fails: none loses anything, and every planted mistake
/// shows.
@Suite struct SimulationTests {
  private static let lanes = 4

  /// A thousand run outside, by `stele-sim` itself: a debug build takes 50 ms for one of them.
  @Test(arguments: 0..<lanes)
  func `short histories hold`(lane: Int) async throws {
    let simulation = try Simulation()
    for seed in stride(from: lane, to: 200, by: Self.lanes) {
      let report = await simulation.run(seed: UInt64(seed), steps: 20)
      #expect(report.failure == nil, "repeat it with `\(report.command)`")
      await Task.yield()  // Other tests wait for answers.
    }
  }

  @Test(arguments: 0..<lanes)
  func `short histories hold on a disk that forgets what it failed to sync`(
    lane: Int
  ) async throws {
    let simulation = try Simulation()
    for seed in stride(from: 480 + lane, to: 540, by: Self.lanes) {
      let report = await simulation.run(
        seed: UInt64(seed), steps: 20, options: Simulation.Options(isForgetful: true))
      #expect(report.failure == nil, "repeat it with `\(report.command)`")
      await Task.yield()  // Other tests wait for answers.
    }
  }

  @Test func `long histories hold as well`() async throws {
    let simulation = try Simulation()
    for seed in 5_000..<5_003 as Range<UInt64> {
      let report = await simulation.run(seed: seed, steps: 250)
      #expect(report.failure == nil, "repeat it with `\(report.command)`")
      await Task.yield()  // Other tests wait for answers.
    }
  }

  @Test func `the same seed is the same history, down to each operation of the disk`()
    async throws
  {
    for seed in 16..<24 as Range<UInt64> {
      let first = await (try Simulation()).run(seed: seed, steps: 40)
      let second = await (try Simulation()).run(seed: seed, steps: 40)

      #expect(first.digest == second.digest, "seed \(seed)")
      #expect(first.events == second.events)
      #expect(first.events > 100)
    }
  }

  @Test func `another seed is another history`() async throws {
    let simulation = try Simulation()
    let first = await simulation.run(seed: 1, steps: 10)
    let second = await simulation.run(seed: 2, steps: 10)

    #expect(first.digest != second.digest)
  }

  @Test(arguments: PlantedBug.allCases)
  func `a planted mistake is found within twenty seeds`(plant: PlantedBug) async throws {
    let simulation = try Simulation()
    for seed in 4..<24 as Range<UInt64> {
      let report = await simulation.run(
        seed: seed, steps: 40, options: Simulation.Options(plant: plant))
      guard let failure = report.failure else { continue }
      #expect(failure.contains(" "), "it says what: \(failure)")
      #expect(report.command == "stele-sim --seed \(seed) --steps 40 --plant \(plant.rawValue)")
      return
    }
    Issue.record("\(plant.rawValue) was not found")
  }
}
