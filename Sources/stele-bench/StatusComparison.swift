import Foundation

/// `stele status` as a process of its own, against a Swift program that does nothing.
///
/// The ledger has the snapshot that the last process to append left in it.
struct StatusComparison: Comparison {
  private let ledger: BenchLedger
  private let events: Int
  /// Whether the ledger's files are dropped from memory before each start.
  private let isCold: Bool
  private let executable: String
  private let empty: String
  private static let starts = 11

  init(
    of ledger: BenchLedger, events: Int, isCold: Bool = false, executable: String,
    in folder: TemporaryFolder
  ) throws {
    self.ledger = ledger
    self.events = events
    self.isCold = isCold
    self.executable = URL(fileURLWithPath: executable).path
    empty = folder.path + "/empty"
    guard !FileManager.default.fileExists(atPath: empty) else { return }
    try "import Foundation\n".write(toFile: empty + ".swift", atomically: true, encoding: .utf8)
    try Self.run("/usr/bin/env", ["swiftc", "-O", empty + ".swift", "-o", empty])
  }

  var name: String {
    "`stele status` as a process, \(events) events" + (isCold ? ", files not in memory" : "")
  }
  var limit: String { "an empty Swift program" }
  var bar: Bar { .over(atMostMilliseconds: 20) }

  func measureWork() async throws -> Measure {
    try median(before: { if isCold { ledger.dropFromMemory() } }) {
      try run(executable, ["status"])
    }
  }

  func measureLimit() async throws -> Measure {
    try median { try run(empty, []) }
  }

  private func median(
    before prepare: () -> Void = {}, _ start: () throws -> Void
  ) rethrows -> Measure {
    let clock = ContinuousClock()
    let times = try (0..<Self.starts).map { _ in
      prepare()
      return try clock.measure(start).inSeconds * 1_000
    }
    return .milliseconds(Spread(times).median)
  }

  private func run(_ program: String, _ arguments: [String]) throws {
    try Self.run(program, arguments, in: ledger.root, variables: ledger.variables)
  }

  private static func run(
    _ program: String, _ arguments: [String], in directory: String? = nil,
    variables: [String: String]? = nil
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    if let variables { process.environment = variables }
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ProgramFailed(program: program, status: process.terminationStatus)
    }
  }
}

struct ProgramFailed: Error, CustomStringConvertible {
  let program: String
  let status: Int32
  var description: String { "\(program) ended with \(status); run it by hand to see why" }
}
