import Foundation

/// A script of `Fixtures`, run by the Python that has the tests' packages.
struct PythonScript {
  /// It ended with an error; `said` tells what is missing, and which command installs it.
  struct Failed: Error, CustomStringConvertible {
    let script: String
    let python: String
    let said: String

    var description: String {
      """
      \(script) did not run with \(python): \(said)
      Run the tests with `tools/test`, or set STELE_TEST_PYTHON to a Python with what \
      tools/requirements.txt lists.
      """
    }
  }

  let name: String
  let python = ProcessInfo.processInfo.environment["STELE_TEST_PYTHON"] ?? "python3"

  /// What it writes to stdout, given `input` on stdin.
  func answer(to input: Data, arguments: String...) throws -> Data {
    let process = Process()
    let folder = try scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try input.write(to: folder.appending(path: "in"))
    for name in ["out", "err"] { try Data().write(to: folder.appending(path: name)) }
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [python, Bundle.module.bundlePath + "/Fixtures/\(name)"] + arguments
    process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: "in"))
    process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "out"))
    process.standardError = try FileHandle(forWritingTo: folder.appending(path: "err"))
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let said = try String(contentsOf: folder.appending(path: "err"), encoding: .utf8)
      throw Failed(script: name, python: python, said: said)
    }
    return try Data(contentsOf: folder.appending(path: "out"))
  }

  private func scratchFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}
