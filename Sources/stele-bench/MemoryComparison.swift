import Foundation

/// The most memory that one command takes, as the system counted it when it had ended.
struct MemoryComparison: Comparison {
  let arguments: [String]
  let contents: String
  private let ledger: BenchLedger
  private let executable: String

  /// - Parameter contents: Of the ledger, in words.
  init(of arguments: [String], on ledger: BenchLedger, _ contents: String, executable: String) {
    self.arguments = arguments
    self.ledger = ledger
    self.contents = contents
    self.executable = URL(fileURLWithPath: executable).path
  }

  var name: String { "memory of `stele \(arguments.joined(separator: " "))`, \(contents)" }
  var limit: String { "150 MiB" }
  var bar: Bar { .atMost(1) }

  /// The system takes what the starting process had for the started one's as well, so a small
  /// process starts it: this program anew.
  func measureWork() throws -> Measure {
    let scale = BenchProcess(arguments: ["--weighing", executable] + arguments, of: ledger)
    let said = Pipe()
    scale.process.standardOutput = said
    try scale.process.run()
    let answer = try said.fileHandleForReading.readToEnd() ?? Data()
    scale.process.waitUntilExit()
    let text = String(decoding: answer, as: UTF8.self)
    guard let kibibytes = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw ProgramFailed(
        program: "\(executable) \(arguments)", status: scale.process.terminationStatus)
    }
    return .mebibytes(ofBytes: kibibytes * 1_024)
  }

  func measureLimit() -> Measure { .mebibytes(150) }

  /// What the small process does: runs the command and prints the most memory that it had, in
  /// kibibytes.
  static func weigh(_ command: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    var usage = rusage()
    guard process.terminationStatus == 0, getrusage(RUSAGE_CHILDREN.rawValue, &usage) == 0 else {
      throw ProgramFailed(
        program: command.joined(separator: " "), status: process.terminationStatus)
    }
    print(usage.ru_maxrss)
  }
}
