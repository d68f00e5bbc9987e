import Events
import Foundation
import Glibc
import Rollouts
import Testing

@testable import Platforms

/// Replicas live on when their platform goes, and the next one finds them: never another process,
/// never none.
@Suite struct AdoptionTests {
  let directory = TestDirectory()

  /// Starts a replica and lets the platform go.
  private func abandoned(_ script: String = "sleep 600") async throws -> RunningReplica {
    let (platform, _) = try await ProcessPlatform.open(directory.run)
    return try await platform.start(try directory.spec("left", script, wantsPort: true))
  }

  /// Takes the directory over, however long a busy machine needs to let the last one go.
  private func reopened() async throws -> (platform: ProcessPlatform, lost: [ReplicaEnd]) {
    try await ProcessPlatform.open(directory.run, lockLimit: .seconds(240))
  }

  private func write(_ entries: [ReplicaFile.Entry]) throws {
    try Files.makeDirectory(directory.run.path)
    try ReplicaFile(path: directory.run.replicas).write(entries)
  }

  @Test func `a survivor is taken over and can be stopped`() async throws {
    let replica = try await abandoned()

    let (platform, lost) = try await reopened()

    #expect(lost == [])
    #expect(await platform.running() == [replica])
    #expect(try await platform.start(replica.spec) == replica)
    #expect(try await platform.stop(replica.spec.instance, graceMs: 5_000) == .unknown)
    #expect(!replica.process.isAlive)
    #expect(await platform.running() == [])
  }

  @Test func `a survivor's end is told, though not how`() async throws {
    let replica = try await abandoned()
    let (platform, _) = try await reopened()
    let ends = await platform.ends()

    kill(replica.process.pid, SIGKILL)

    #expect(
      await ends.first { _ in true }
        == ReplicaEnd(replica: replica, exit: .unknown, wasAsked: false))
  }

  @Test func `a survivor that will not end is ended with its group`() async throws {
    let replica = try await abandoned("trap '' TERM; sleep 600 & echo $!; wait; sleep 600")
    let hasStarted = await eventually { !text(of: replica.spec.logPath).isEmpty }
    #expect(hasStarted)
    let child = try #require(Int32(text(of: replica.spec.logPath).dropLast()))
    let (platform, _) = try await reopened()

    #expect(try await platform.stop(replica.spec.instance, graceMs: 100) == .unknown)

    let isGone = await eventually { ProcessIdentity(of: child) == nil }
    #expect(isGone)
    #expect(!replica.process.isAlive)
  }

  @Test func `what ended while nobody was there is lost, once`() async throws {
    let replica = try await abandoned()
    kill(replica.process.pid, SIGKILL)
    let isGone = await eventually { !replica.process.isAlive }
    #expect(isGone)
    ExitStatus.reap(replica.process.pid)

    let (first, second) = (try await lostAtOpening(), try await lostAtOpening())
    #expect(first == [ReplicaEnd(replica: replica, exit: .unknown, wasAsked: false)])
    #expect(second == [])
  }

  /// Opens the directory for a moment.
  private func lostAtOpening() async throws -> [ReplicaEnd] {
    let (platform, lost) = try await reopened()
    for end in lost {
      #expect(try await platform.stop(end.replica.spec.instance, graceMs: 0) == .unknown)
    }
    return lost
  }

  @Test func `what a lost replica left behind is ended`() async throws {
    let replica = try await abandoned("sleep 600 & echo $!; wait")
    let hasStarted = await eventually { !text(of: replica.spec.logPath).isEmpty }
    #expect(hasStarted)
    let child = try #require(Int32(text(of: replica.spec.logPath).dropLast()))
    kill(replica.process.pid, SIGKILL)
    let isGone = await eventually { !replica.process.isAlive }
    #expect(isGone)
    #expect(ProcessIdentity(of: child) != nil)

    #expect(try await lostAtOpening().count == 1)

    let isChildGone = await eventually { ProcessIdentity(of: child) == nil }
    #expect(isChildGone)
    ExitStatus.reap(replica.process.pid)
  }

  @Test func `a process that only has the number of a replica is left alone`() async throws {
    let identity = try ProcessStart(
      program: "/bin/sleep", arguments: ["600"], variables: [:], workingDirectory: "/",
      outputPath: "/dev/null"
    ).spawn()
    let replica = RunningReplica(
      spec: try directory.spec("reused", "sleep 600"),
      process: ProcessIdentity(pid: identity.pid, startTicks: identity.startTicks - 1),
      port: nil)
    try write([.running(replica)])

    let (platform, lost) = try await reopened()
    #expect(try await platform.stop(replica.spec.instance, graceMs: 0) == .unknown)

    #expect(lost.map(\.replica) == [replica])
    #expect(identity.isAlive)
    kill(identity.pid, SIGKILL)
    await ExitStatus.await(identity.pid)
  }

  @Test func `a start that nobody confirmed is found by its marker`() async throws {
    let spec = try directory.spec("marked", "sleep 600", wantsPort: true)
    try write([.starting(spec, port: 4_711)])
    try Files.makeDirectory(spec.logDirectory)
    let process = try ProcessStart(spec, program: "/bin/sh", port: 4_711).spawn()
    let isMarked = await eventually {
      ProcessTable.processes(with: "STELE_REPLICA", of: spec.instance.rawValue).first
        == process.pid
    }
    #expect(isMarked)

    let (platform, lost) = try await reopened()

    #expect(lost == [])
    #expect(
      await platform.running() == [RunningReplica(spec: spec, process: process, port: 4_711)])
    _ = try await platform.stop(spec.instance, graceMs: 0)
    ExitStatus.reap(process.pid)
  }

  @Test func `a start that never came about is forgotten`() async throws {
    try write([.starting(try directory.spec("never", "true"), port: nil)])

    let (platform, lost) = try await reopened()

    #expect(lost == [])
    #expect(await platform.running() == [])
    #expect(text(of: directory.run.replicas).contains(#""replicas":[]"#))
  }

  @Test func `after a restart of the machine nothing of before runs`() async throws {
    let replica = try await abandoned()
    let text = text(of: directory.run.replicas)
    _ = try directory.file("copy", text)
    try Data(text.replacing(ProcessTable.boot, with: "another-boot").utf8)
      .write(to: URL(filePath: directory.run.replicas))

    let (platform, lost) = try await reopened()

    #expect(lost.map(\.replica.spec) == [replica.spec])
    #expect(await platform.running() == [])
    #expect(replica.process.isAlive)
    ProcessGroup.signal(ofChild: replica.process.pid, SIGKILL)
  }

  @Test(arguments: [
    ("{", "endOfText"), ("[]", "it is no object"), (#"{"version":2}"#, "version is not a number"),
    (#"{"boot":"b","replicas":[{}],"version":1}"#, "spec is not an object"),
    (#"{"boot":"b","replicas":[7],"version":1}"#, "replicas is not a list of objects"),
  ])
  func `a file that does not say what runs stops everything`(text: String, reason: String)
    async throws
  {
    try Files.makeDirectory(directory.run.path)
    try Data(text.utf8).write(to: URL(filePath: directory.run.replicas))

    let error = await #expect(throws: PlatformError.self) {
      try await ProcessPlatform.open(directory.run)
    }

    guard case .stateNotRead(directory.run.replicas, let said) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(said.contains(reason))
  }

  @Test func `a file that cannot be read or written is said`() async throws {
    let path = directory.run.replicas
    try Files.makeDirectory(path)
    await #expect(
      throws: PlatformError.stateNotRead(path: path, reason: "Is a directory")
    ) { try await ProcessPlatform.open(directory.run) }
    rmdir(path)

    let (platform, _) = try await reopened()
    mkdir("\(path).new", 0o700)
    let spec = try directory.spec("unwritten", "sleep 600")
    await #expect(throws: PlatformError.self) { try await platform.start(spec) }
    #expect(ProcessTable.processes(with: "STELE_REPLICA", of: spec.instance.rawValue) == [])
  }

  @Test func `two platforms never hold the same directory`() async throws {
    let (platform, _) = try await reopened()

    await #expect(
      throws: PlatformError.agentRunsAlready(
        environment: "staging", lock: directory.run.agentLock)
    ) { try await ProcessPlatform.open(directory.run, lockLimit: .zero) }
    #expect(await platform.running() == [])
  }

  @Test func `a run directory that cannot be made is said`() async throws {
    let file = try directory.file("file", "")
    let run = RunDirectory(of: "staging", in: file)

    await #expect(
      throws: PlatformError.stateNotWritten(path: run.agentLock, reason: "Not a directory")
    ) { try await ProcessPlatform.open(run) }
  }
}
