import CanonicalJSON
import Events
import Foundation
import Rollouts
import TestKit
import Testing

@testable import Platforms

/// What a real process was started with, and nothing else of it.
@Suite struct ProcessSightTests {
  private func replica(_ process: ProcessIdentity) -> RunningReplica {
    RunningReplica(
      spec: ReplicaSpec(
        environment: "staging", component: "web", instance: "web-1",
        build: ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 1, count: 32))),
        intent: "test", command: ["sleep"], workingDirectory: "/", wantsPort: false,
        logDirectory: "/", health: .process), process: process, port: nil)
  }

  @Test func `only the variables that are asked for are given`() async throws {
    let folder = try TemporaryDirectory()
    let process = try ProcessStart(
      program: "/bin/sleep", arguments: ["60"],
      variables: ["STELE_FLAGS": "[]", "TOKEN": "hunter2", "EMPTY": ""], workingDirectory: "/",
      outputPath: folder.file("log")
    ).spawn()
    defer {
      kill(process.pid, SIGKILL)
      ExitStatus.reap(process.pid)
    }

    var seen: [String: String]?
    while seen == nil {
      do throws(ProcessSightError) {
        seen = try ProcessFiles().variables(
          ["STELE_FLAGS", "EMPTY", "ABSENT"], of: replica(process))
      } catch {
        // For a moment after its start it shows nothing.
        #expect(error == .unreadable(reason: "it is empty"))
        try await Task.sleep(for: .milliseconds(1))
      }
    }

    #expect(seen == ["STELE_FLAGS": "[]", "EMPTY": ""])
  }

  @Test func `a process that is not there is gone`() {
    let nobody = replica(ProcessIdentity(pid: 1, startTicks: -1))

    #expect(throws: ProcessSightError.gone) {
      try ProcessFiles().variables(["A"], of: nobody)
    }
  }

  @Test func `the first value of a name counts, and what is no variable is passed over`() {
    let bytes = Array("A=1\u{0}odd\u{0}A=2\u{0}B=x=y\u{0}".utf8)

    #expect(ProcessFiles.variables(["A", "B", "odd"], in: bytes) == ["A": "1", "B": "x=y"])
  }

  @Test func `why nothing is seen is said`() {
    #expect("\(ProcessSightError.gone)".contains("ended"))
    #expect("\(ProcessSightError.unreadable(reason: "no"))".contains("cannot be read: no"))
  }
}
