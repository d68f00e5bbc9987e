import Foundation

/// One run of a program that the tests need, to its end.
package struct ProgramRun {
  /// It ended with an error, or is not there.
  package struct Failed: Error, CustomStringConvertible {
    let command: [String]
    let said: String

    package var description: String {
      """
      `\(command.joined(separator: " "))` failed: \(said)
      `tools/test` installs what the tests need.
      """
    }
  }

  package let output: Data

  /// - Parameter command: The program's name, found in PATH, and its arguments.
  package init(_ command: String...) throws { try self.init(command) }

  package init(_ command: [String]) throws {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    self.output = try output.fileHandleForReading.readToEnd() ?? Data()
    let said = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failed(command: command, said: String(decoding: said, as: UTF8.self))
    }
  }
}
