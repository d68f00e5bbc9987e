import Events
import Foundation
import Glibc
import Platforms
import Rollouts

/// A directory of one test, gone after it.
final class TestDirectory: Sendable {
  let path: String

  init() {
    path = "/tmp/stele-test-\(UUID().uuidString)"
    mkdir(path, 0o700)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The run directory of an environment, below names so long that no socket address holds them.
  var run: RunDirectory {
    RunDirectory(of: "staging", in: "\(path)/\(String(repeating: "long-", count: 30))/.stele")
  }

  func file(_ name: String, _ text: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(text.utf8).write(to: URL(filePath: file))
    return file
  }

  func script(_ name: String, _ text: String) throws -> String {
    let file = try file(name, "#!/bin/sh\n\(text)\n")
    chmod(file, 0o700)
    return file
  }
}

func text(of path: String) -> String {
  (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
}

/// A file of this folder's `Fixtures`.
func fixture(_ name: String, file: String = #filePath) -> String {
  URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures/\(name)").path
}

/// The Python for programs of tests.
let python: String = {
  let name = ProcessInfo.processInfo.environment["STELE_TEST_PYTHON"] ?? "python3"
  if name.contains("/") { return name }
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
  return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 } ?? "/usr/bin/python3"
}()

let build: ContentDigest = {
  guard let digest = try? ContentDigest(parsing: "sha256:" + String(repeating: "ab", count: 32))
  else { preconditionFailure("the digest of the tests is none") }
  return digest
}()

extension TestDirectory {
  /// A replica that runs `sh -c SCRIPT`, by the name it has nowhere else on this machine.
  func spec(
    _ name: String = "replica", _ script: String, variables: [String: String] = [:],
    wantsPort: Bool = false
  ) throws -> ReplicaSpec {
    try spec(named: name, ["/bin/sh", "-c", script], variables: variables, wantsPort: wantsPort)
  }

  func spec(
    named name: String, _ command: [String], variables: [String: String] = [:],
    wantsPort: Bool = false, workingDirectory: String? = nil
  ) throws -> ReplicaSpec {
    ReplicaSpec(
      environment: "staging", component: "web",
      instance: try InstanceName(parsing: "\(name)-\(path.suffix(8))"), build: build,
      intent: "a test", command: command, workingDirectory: workingDirectory ?? path,
      variables: variables, wantsPort: wantsPort, logDirectory: "\(path)/logs", health: .process)
  }
}

/// Looks until something holds, as what other processes do cannot be waited for otherwise. It
/// gives up after thousands of looks; nothing is concluded from how long it took.
func eventually(_ holds: () async throws -> Bool) async rethrows -> Bool {
  for _ in 0..<6_000 {
    if try await holds() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return false
}
