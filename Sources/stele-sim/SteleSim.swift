import ArgumentParser
import Foundation
import Simulation

/// Runs the ledger on a simulated machine whose disk, clock and programs fail, seed after seed.
@main
struct SteleSim: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stele-sim",
    abstract: "Simulate ledgers on a machine that fails.",
    discussion: """
      A seed is one history of appends, reads, crashes, failing disks, clock jumps and restores; the
      same seed is the same history. A line for each seed whose ledger did not hold, with the
      command that repeats it.

        $ swift run -c release stele-sim --seed 1 --count 100000
      """)

  @Option(help: "The first seed.")
  var seed: UInt64 = 1

  @Option(help: "How many seeds, one after the other.")
  var count: UInt64 = 1

  @Option(help: "Steps of a history, before everything is mended and looked at.")
  var steps = 20

  @Option(help: "Put a mistake in, to see it found: \(PlantedBug.allCases.map(\.rawValue)).")
  var plant: PlantedBug?

  @Flag(help: "Let a sync that fails forget what it should have written, as Linux may.")
  var forgetful = false

  private var options: Simulation.Options {
    Simulation.Options(plant: plant, isForgetful: forgetful)
  }

  func validate() throws {
    guard count >= 1, steps >= 0, seed <= UInt64.max - count else {
      throw ValidationError("write --count ≥ 1, --steps ≥ 0 and a --seed that leaves room for them")
    }
  }

  func run() async throws {
    let failed = try await withThrowingTaskGroup(of: Int.self) { group in
      let lanes = min(count, UInt64(ProcessInfo.processInfo.activeProcessorCount))
      for lane in 0..<lanes { group.addTask { try await run(lane, of: lanes) } }
      return try await group.reduce(0, +)
    }
    let end = "\(count) histories of \(steps) steps, \(failed) failed\n"
    FileHandle.standardError.write(Data(end.utf8))
    if failed > 0 { throw ExitCode(1) }
  }

  /// Every `lanes`-th seed.
  private func run(_ lane: UInt64, of lanes: UInt64) async throws -> Int {
    let simulation = try Simulation()
    var failed = 0
    for offset in stride(from: lane, to: count, by: Int(lanes)) {
      let report = await simulation.run(
        seed: seed + offset, steps: steps, options: options)
      guard let failure = report.failure else { continue }
      failed += 1
      if count == 1 { explain(report) }
      let line = "seed \(report.seed): \(failure). Repeat it with `\(report.command)`.\n"
      FileHandle.standardOutput.write(Data(line.utf8))
    }
    return failed
  }

  /// The last of what happened, for whoever looks at one seed.
  private func explain(_ report: Simulation.Report) {
    FileHandle.standardError.write(Data((report.tail.joined(separator: "\n") + "\n").utf8))
  }
}

extension PlantedBug: ExpressibleByArgument {}
