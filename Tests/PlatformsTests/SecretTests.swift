import Cryptography
import Events
import Foundation
import Glibc
import Rollouts
import TestKit
import Testing

@testable import Platforms

/// Secrets on their way to a process: a variable, or a file in memory, and nowhere else.
@Suite struct SecretTests {
  private let directory: TemporaryDirectory
  private let run: RunDirectory
  private let instance: InstanceName
  private let giver = Giver()

  init() throws {
    directory = try TemporaryDirectory()
    instance = try InstanceName(parsing: "web-" + directory.path.suffix(6).lowercased())
    run = RunDirectory(of: "staging", in: directory.path)
  }

  /// Gives the same value for every variable that is asked for.
  private struct Giver: SecretGiver {
    struct Refused: Error, CustomStringConvertible { let description = "it is locked" }
    var isLocked = false

    func values(for spec: ReplicaSpec) async throws -> [String: SecretBytes] {
      guard !isLocked else { throw Refused() }
      return Dictionary(
        uniqueKeysWithValues: spec.secrets.map {
          ($0.variable, SecretBytes(Array("hunter22-\($0.origin.dataText)".utf8)))
        })
    }
  }

  private func spec(_ script: String, _ secrets: (variable: String, isFile: Bool)...) -> ReplicaSpec
  {
    ReplicaSpec(
      environment: "staging", component: "web", instance: instance,
      build: build, intent: "a test", command: ["/bin/sh", "-c", script],
      workingDirectory: directory.path, variables: ["OUT": directory.file("out")],
      secrets: secrets.map {
        ReplicaSecret(
          application: "shop", origin: .stored("token"), version: 3, variable: $0.variable,
          isFile: $0.isFile)
      }, wantsPort: false, logDirectory: directory.path, health: .process)
  }

  private func written() async throws -> String {
    let path = directory.file("out")
    for _ in 0..<500 where !FileManager.default.fileExists(atPath: path) {
      try await Task.sleep(for: .milliseconds(20))
    }
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test func `nothing is removed through a folder that somebody else made`() throws {
    let folder = SecretFolder(run)
    _ = try folder.write([("KEY", SecretBytes([1]))], for: instance)
    let victim = directory.file("victim")
    try FileManager.default.createDirectory(
      atPath: victim + "/x", withIntermediateDirectories: true)
    try "mine".write(toFile: victim + "/x/key", atomically: true, encoding: .utf8)
    try "mine".write(toFile: victim + "/key", atomically: true, encoding: .utf8)
    #expect(symlink(victim, folder.path + "/linked") == 0)

    folder.keep(only: [])

    #expect(FileManager.default.fileExists(atPath: victim + "/key"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/\(instance)"))
    unlink(folder.path + "/linked")
    rmdir(folder.path)
    #expect(symlink(victim, folder.path) == 0)

    folder.keep(only: [])

    #expect(FileManager.default.fileExists(atPath: victim + "/x/key"))
    unlink(folder.path)
  }

  @Test func `a process gets the value as a variable, and nothing here keeps it`() async throws {
    let platform = try await ProcessPlatform.open(run, secrets: giver).platform
    let spec = spec(
      #"echo "$TOKEN" > "$OUT.new"; mv "$OUT.new" "$OUT"; sleep 600"#, ("TOKEN", false))

    let replica = try await platform.start(spec)

    #expect(try await written() == "hunter22-token\n")
    let file = try String(contentsOfFile: run.replicas, encoding: .utf8)
    #expect(file.contains(#""from":"token""#))
    #expect(!file.contains("hunter22"))
    #expect(try await platform.start(spec) == replica, "asked again it is the same")
    _ = try await platform.stop(instance, graceMs: 0)
  }

  @Test func `a process gets a file in memory that ends with it`() async throws {
    let platform = try await ProcessPlatform.open(run, secrets: giver).platform
    let script =
      #"(echo "$KEY"; stat -c %a "$KEY" "$(dirname "$KEY")"; cat "$KEY") > "$OUT.new"; "#
      + #"mv "$OUT.new" "$OUT"; sleep 600"#

    _ = try await platform.start(spec(script, ("KEY", true)))
    let lines = try await written().split(separator: "\n").map(String.init)

    #expect(lines.dropFirst() == ["600", "700", "hunter22-token"])
    let path = try #require(lines.first)
    #expect(path.hasPrefix("/dev/shm/stele-"))
    #expect(FileManager.default.fileExists(atPath: path))
    _ = try await platform.stop(instance, graceMs: 0)
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(
      FileManager.default.contents(atPath: run.replicas)?.range(of: Data("hunter".utf8)) == nil)
  }

  @Test func `whoever takes over removes the files of replicas that are gone`() async throws {
    let folder = SecretFolder(run)
    let written = try folder.write(
      [(variable: "KEY", value: SecretBytes([1]))], for: instance)
    let path = try #require(written["KEY"])

    _ = try await ProcessPlatform.open(run, secrets: giver)

    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test func `a folder that others can enter is not written to`() throws {
    let folder = SecretFolder(run)
    _ = try folder.write([(variable: "KEY", value: SecretBytes([1]))], for: instance)
    #expect(Glibc.chmod(folder.path, 0o755) == 0)
    defer { folder.keep(only: []) }

    #expect(throws: SystemError(code: EPERM)) {
      try folder.write([(variable: "KEY", value: SecretBytes([1]))], for: instance)
    }
  }

  @Test func `a replica whose secrets cannot be had is not started, and says why`() async throws {
    let platform = try await ProcessPlatform.open(run, secrets: Giver(isLocked: true)).platform

    await #expect(
      throws: PlatformError.notStarted(instance, reason: "it is locked")
    ) { try await platform.start(spec("sleep 600", ("TOKEN", false))) }

    #expect(await platform.running() == [])
  }

  /// A driver that turned back meanwhile would not know of it.
  @Test func `what is asked to stop while its secrets are opened is not started`() async throws {
    let giver = SlowGiver()
    let platform = try await ProcessPlatform.open(run, secrets: giver).platform
    let wish = spec("sleep 600", ("TOKEN", false))
    let start = Task { try await platform.start(wish) }
    while await !giver.isAsked { try await Task.sleep(for: .milliseconds(5)) }

    #expect(try await platform.stop(instance, graceMs: 1_000) == .unknown)
    await giver.give()

    await #expect(
      throws: PlatformError.notStarted(
        instance, reason: "it was asked to stop before it had begun")
    ) { try await start.value }
    #expect(await platform.running() == [])
    // Called off is that start alone.
    let again = try await platform.start(wish)
    #expect(await platform.running() == [again])
    _ = try await platform.stop(instance, graceMs: 5_000)
  }

  /// A driver that gave up would not know of it.
  @Test func `what nobody waits for any more once its secrets are opened is not started`()
    async throws
  {
    let platform = try await ProcessPlatform.open(run, secrets: giver).platform

    await #expect(
      throws: PlatformError.notStarted(instance, reason: "nobody waits for it any more")
    ) {
      try await platform.start(
        spec("sleep 600", ("TOKEN", false)), untilMs: KernelClock.sinceBootMs - 1)
    }

    #expect(await platform.running() == [])
  }

  @Test func `names travel to the agent, and come back as they were`() throws {
    let spec = spec("true", ("TOKEN", false), ("KEY", true))

    #expect(try ReplicaSpec(json: spec.json) == spec)
    #expect(try AgentRequest(json: AgentRequest.start(spec).json) == .start(spec))
  }
}

/// Gives when it is told to, and from then on at once.
private actor SlowGiver: SecretGiver {
  private(set) var isAsked = false
  private var mayGive = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func give() {
    mayGive = true
    for one in waiting { one.resume() }
    waiting = []
  }

  func values(for spec: ReplicaSpec) async throws -> [String: SecretBytes] {
    isAsked = true
    if !mayGive { await withCheckedContinuation { waiting.append($0) } }
    return [:]
  }
}
