import ArgumentParser
import Foundation

/// Measures Stele against what the machine can do at all, in the same run.
///
/// Absolute times drift on shared machines, so each figure has its limit beside it: both are
/// measured in every round, by turns, and their ratio is taken within the round.
@main
struct SteleBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stele-bench",
    abstract: "Measure Stele beside the limits of this machine.",
    discussion: """
      Works in a temporary directory, which is deleted at the end. Build it with `-c release`.

        $ swift build -c release && .build/release/stele-bench --events 1000000

      `stele status` is started on the ledger of --events, with its files in memory and without.
      """)

  @Option(
    help: """
      Events, 100 an entry, in the ledger that is verified, replayed and asked; several times for \
      ledgers of several sizes.
      """)
  var events = [200_000]

  @Option(help: "Entries, of one event each, in the ledger that is verified by the entry.")
  var entries = 20_000

  @Option(help: "Rounds; each measures every figure and its limit once.")
  var rounds = 7

  @Option(help: "The executable whose start is measured.")
  var stele = ".build/release/stele"

  @Option(help: "The project whose production environment is made long and validated.")
  var example = "tools/example"

  @Option(help: "Measure only these, several times if wanted.")
  var only: [Subject] = []

  @Option(help: "table or json.")
  var output = Output.table

  /// The root of a ledger to append to until killed.
  @Option(help: .hidden)
  var appending: String?

  enum Output: String, ExpressibleByArgument {
    case table, json
  }

  /// A command whose memory is to be told.
  @Option(parsing: .remaining, help: .hidden)
  var weighing: [String] = []

  func validate() throws {
    guard weighing.isEmpty, appending == nil else { return }
    guard events.allSatisfy({ $0 >= 1_000 }), entries >= 100, rounds >= 1 else {
      throw ValidationError("write --events ≥ 1000, --entries ≥ 100 and --rounds ≥ 1")
    }
    guard FileManager.default.isExecutableFile(atPath: stele) else {
      throw ValidationError("\(stele) is no executable: build it, or name another with --stele")
    }
  }

  func run() async throws {
    guard weighing.isEmpty else { return try MemoryComparison.weigh(weighing) }
    if let appending { try await CrashComparison.appendForEver(to: appending) }
    let folder = try TemporaryFolder()
    defer { folder.delete() }
    note("preparing ledgers of \(sizes) events in \(folder.path)")
    let loadBefore = Machine.load()
    var rounds = Rounds(try await comparisons(in: folder))
    for round in 1...self.rounds {
      note("round \(round) of \(self.rounds)")
      try await rounds.run()
    }
    let report = Report(
      machine: .current(),
      parameters: [("entries", entries), ("rounds", self.rounds)], events: events,
      loads: [loadBefore, Machine.load()], figures: rounds.figures)
    switch output {
    case .table: print(report.table)
    case .json: print(try report.json())
    }
  }

  private func comparisons(in folder: TemporaryFolder) async throws -> [any Comparison] {
    var comparisons = Comparisons(
      events: events, entries: entries, stele: stele, example: example, in: folder)
    var all: [any Comparison] = []
    for subject in only.isEmpty ? Subject.allCases : only {
      all += try await comparisons.of(subject)
    }
    return all
  }

  private var sizes: String { events.map(String.init).joined(separator: ", ") }

  private func note(_ text: String) {
    FileHandle.standardError.write(Data("stele-bench: \(text)\n".utf8))
  }
}
