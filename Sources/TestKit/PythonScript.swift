import Foundation

/// A script of `Fixtures`, run by the Python that has the tests' packages.
package struct PythonScript {
  /// It ended with an error; `said` tells what is missing, and which command installs it.
  package struct Failed: Error, CustomStringConvertible {
    let script: String
    let python: String
    let said: String

    package var description: String {
      """
      \(script) did not run with \(python): \(said)
      Run the tests with `tools/test`, or set STELE_TEST_PYTHON to a Python with what \
      tools/requirements.txt lists.
      """
    }
  }

  /// The Python of the tests: `STELE_TEST_PYTHON`, or the one in PATH.
  package static let python =
    ProcessInfo.processInfo.environment["STELE_TEST_PYTHON"] ?? "python3"

  private let name: String
  private let bundle: Bundle

  /// - Parameter bundle: The tests' own: `.module`.
  package init(name: String, in bundle: Bundle) {
    self.name = name
    self.bundle = bundle
  }

  /// What it writes to stdout, given `input` on stdin.
  package func answer(to input: Data, arguments: String...) throws -> Data {
    let process = Process()
    let directory = try TemporaryDirectory()
    let folder = URL(filePath: directory.path)
    try input.write(to: folder.appending(path: "in"))
    for name in ["out", "err"] { try Data().write(to: folder.appending(path: name)) }
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [Self.python, bundle.bundlePath + "/Fixtures/\(name)"] + arguments
    process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: "in"))
    process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "out"))
    process.standardError = try FileHandle(forWritingTo: folder.appending(path: "err"))
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let said = try String(contentsOf: folder.appending(path: "err"), encoding: .utf8)
      throw Failed(script: name, python: Self.python, said: said)
    }
    return try Data(contentsOf: folder.appending(path: "out"))
  }
}
