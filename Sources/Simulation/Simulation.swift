import CanonicalJSON

/// Runs histories of a ledger on a machine that fails, one a seed, and says which went wrong.
///
/// Belongs to one task; make one each to run in parallel.
package final class Simulation {
  /// What else a run is to try.
  package struct Options: Hashable, Sendable {
    /// A mistake to put in, for the tests of the simulation itself.
    package var plant: PlantedBug?
    /// A sync that fails also forgets what it should have written, as Linux does: every process
    /// still reads it, later syncs succeed without it, and the power takes it away.
    package var isForgetful = false

    package init(plant: PlantedBug? = nil, isForgetful: Bool = false) {
      self.plant = plant
      self.isForgetful = isForgetful
    }
  }

  /// A run of one seed.
  package struct Report: Sendable {
    package let seed: UInt64
    package let steps: Int
    package let options: Options
    /// Of everything that happened; equal for equal seeds, steps and planted bugs.
    package let digest: Digest
    /// Operations and decisions in it.
    package let events: Int
    /// Entries in the ledger at the end.
    package let size: Int
    /// What was wrong; nil when nothing was.
    package let failure: String?
    /// The last of what happened.
    package let tail: [String]

    /// The command that repeats it.
    package var command: String {
      "stele-sim --seed \(seed) --steps \(steps)"
        + (options.plant.map { " --plant \($0.rawValue)" } ?? "")
        + (options.isForgetful ? " --forgetful" : "")
    }
  }

  private let light: Founding
  private let heavy: Founding

  /// The log of writes is copied back after 1,000 pages of 4 KiB.
  private static let heavyBytes = 3_700_000

  package init() throws {
    light = try Founding(snapshotBytes: 0)
    heavy = try Founding(snapshotBytes: Self.heavyBytes)
  }

  package func run(seed: UInt64, steps: Int, options: Options = Options()) async -> Report {
    do {
      let history = try History(seed: seed, founding: founding(for: seed), options: options)
      do {
        try history.run(steps: steps)
        try await history.verify()
        return report(history, seed, steps, options, failure: nil)
      } catch {
        return report(history, seed, steps, options, failure: "\(error)")
      }
    } catch {
      return Report(
        seed: seed, steps: steps, options: options, digest: Trace().digest, events: 0, size: 0,
        failure: "\(error)", tail: [])
    }
  }

  /// Most histories begin with a ledger of one entry; some with a log that is about to be copied
  /// back, and some with nothing.
  private func founding(for seed: UInt64) -> Founding? {
    switch seed % 16 {
    case 0: nil
    case 1, 2, 3: heavy
    default: light
    }
  }

  private func report(
    _ history: History, _ seed: UInt64, _ steps: Int, _ options: Options, failure: String?
  ) -> Report {
    let trace = history.machine.trace
    return Report(
      seed: seed, steps: steps, options: options, digest: trace.digest, events: trace.count,
      size: history.reference.size, failure: failure, tail: trace.tail)
  }
}
