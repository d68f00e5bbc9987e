import Foundation
import Subprocess

/// A program of the machine that a test needs, run to its end.
///
/// Nobody is held up meanwhile: Foundation's `Process.waitUntilExit()` blocks a thread of the few
/// that all tests share, and misses an end that comes between its look and its wait.
package struct TestProgram: Sendable {
  /// What it wrote to standard output.
  package let output: Data

  package var text: String { String(decoding: output, as: UTF8.self) }

  private static let outputLimitBytes = 64 << 20

  /// - Parameters:
  ///   - command: The program's name, found in PATH, or its path; and its arguments.
  ///   - limit: How long it may take before it is ended.
  /// - Throws: ``Failed`` when it ends with an error or takes longer, or is not there.
  package init(
    _ command: [String], input: Data = Data(), limit: Duration = .seconds(600)
  ) async throws {
    output = try await withThrowingTaskGroup(of: Data.self) { group in
      group.addTask { try await Self.output(of: command, given: input) }
      group.addTask {
        try await ContinuousClock().sleep(for: limit)
        throw Failed(command: command, said: "it took longer than \(limit)")
      }
      defer { group.cancelAll() }
      return try await group.next() ?? Data()
    }
  }

  package init(_ command: String...) async throws { try await self.init(command) }

  /// Runs the Python that has the tests' packages: `STELE_TEST_PYTHON`, or else `python3`.
  package static func python(_ arguments: [String], input: Data = Data()) async throws -> Self {
    let python = ProcessInfo.processInfo.environment["STELE_TEST_PYTHON"] ?? "python3"
    return try await Self([python] + arguments, input: input)
  }

  private static func output(of command: [String], given input: Data) async throws -> Data {
    let result = try await run(
      .name("env"), arguments: Arguments(command), input: .array([UInt8](input)),
      output: .bytes(limit: outputLimitBytes), error: .string(limit: 1 << 20))
    guard result.terminationStatus.isSuccess else {
      throw Failed(command: command, said: result.standardError)
    }
    return Data(result.standardOutput)
  }

  /// It ended with an error, or not at all.
  package struct Failed: Error, CustomStringConvertible {
    package let command: [String]
    package let said: String

    package var description: String {
      """
      `\(command.joined(separator: " ").prefix(200))` failed: \(said)
      Run the tests with `tools/test`, which installs what they need, or set STELE_TEST_PYTHON to \
      a Python with what tools/requirements.txt lists.
      """
    }
  }
}
