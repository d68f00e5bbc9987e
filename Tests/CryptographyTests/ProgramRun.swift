import Foundation

/// One run of a program that the tests need, to its end.
struct ProgramRun {
  /// It ended with an error, or is not there.
  struct Failed: Error, CustomStringConvertible {
    let command: [String]
    let said: String

    var description: String {
      """
      `\(command.joined(separator: " "))` failed: \(said)
      `tools/test` installs what the tests need.
      """
    }
  }

  let output: Data

  /// - Parameter command: The program's name, found in PATH, and its arguments.
  init(_ command: String...) throws { try self.init(command) }

  init(_ command: [String]) throws {
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

/// A folder of its own for one test, gone afterwards.
final class ScratchFolder {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// The path of a new file of this text and mode.
  func file(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
    try Data(text.utf8).write(to: folder.appending(path: name))
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: path(name))
    return path(name)
  }
}
