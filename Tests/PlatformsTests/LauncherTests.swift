import Events
import Foundation
import Glibc
import Synchronization
import Testing

@testable import Platforms

/// An agent is brought up by who needs it first, once.
@Suite struct LauncherTests {
  let directory = TestDirectory()

  private func launcher(_ command: [String], limit: Duration = .seconds(240)) -> AgentLauncher {
    AgentLauncher(
      directory.run, command: command,
      variables: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"],
      workingDirectory: directory.path, limit: limit)
  }

  /// A program that says hello like an agent, as long as it lives.
  private var pretender: [String] {
    [python, fixture("pretender.py"), directory.run.path]
  }

  @Test func `one that is there is used`() async throws {
    try await RunningAgent.run(in: directory) { agent in
      let client = try await launcher(["/nowhere/stele"]).ensureRunning()

      #expect(try await client.hello() == agent.observer.record.identity)
    }
  }

  @Test func `one that is not there is started in a session of its own`() async throws {
    let client = try await launcher(pretender).ensureRunning()

    let pid = try await client.hello().process.pid
    #expect(ProcessStatus(of: pid)?.session == pid)
    kill(pid, SIGKILL)
    await ExitStatus.await(pid)
  }

  @Test func `one that died is started again by who asks it something`() async throws {
    let launcher = launcher(pretender)
    let client = AgentClient(directory.run, launcher: launcher)
    let first = try await client.hello().process.pid
    kill(first, SIGKILL)
    await ExitStatus.await(first)

    let second = try await client.hello().process.pid

    #expect(second != first)
    kill(second, SIGKILL)
    await ExitStatus.await(second)
  }

  @Test func `two who ask at once get the same`() async throws {
    let launcher = launcher(pretender)

    async let first = launcher.ensureRunning().hello()
    async let second = launcher.ensureRunning().hello()
    let pids = [try await first.process.pid, try await second.process.pid]

    #expect(pids[0] == pids[1])
    kill(pids[0], SIGKILL)
    await ExitStatus.await(pids[0])
  }

  @Test func `a program that is not there is said`() async throws {
    await #expect(
      throws: PlatformError.notExecutable(
        path: "/nowhere/stele", reason: "No such file or directory")
    ) { try await launcher(["/nowhere/stele"]).ensureRunning() }
  }

  @Test func `an agent that ends at once is said with its log`() async throws {
    let error = await #expect(throws: PlatformError.self) {
      try await launcher(["/bin/sh", "-c", "echo no disk; exit 70"]).ensureRunning()
    }

    guard case .agentNotReached(_, let reason, nil) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("ended with exit status 70; see \(directory.run.agentLog)"))
    #expect(text(of: directory.run.agentLog) == "no disk\n")
  }

  @Test func `an agent that never answers is given up`() async throws {
    let error = await #expect(throws: PlatformError.self) {
      try await launcher(["/bin/sleep", "600"], limit: .milliseconds(100)).ensureRunning()
    }

    guard case .agentNotReached(_, let reason, nil) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("does not answer after 0.1 seconds"))
    let pid = try #require(reason.split(separator: " ").lazy.compactMap { Int32($0) }.first)
    kill(pid, SIGKILL)
    await ExitStatus.await(pid)
  }

  @Test func `one that holds the lock and never answers is given up, and stays the only one`()
    async throws
  {
    try Files.makeDirectory(directory.run.path)
    let lock = try FileLock.take(directory.run.agentLock)

    await #expect(
      throws: PlatformError.agentNotReached(
        socket: directory.run.agentSocket.path,
        reason: "the agent that holds the lock does not answer after 0.1 seconds; see "
          + directory.run.agentLog, lock: directory.run.agentLock)
    ) { try await launcher(["/nowhere/stele"], limit: .milliseconds(100)).ensureRunning() }
    withExtendedLifetime(lock) {}
  }

  /// As an agent does that was stopped: the kernel still takes its connections.
  @Test func `one that takes a question and never answers is asked for no longer than the limit`()
    async throws
  {
    let questions = Mutex(0)
    let listener = try RawListener(directory.run.agentSocket) { _ in
      questions.withLock { $0 += 1 }
      return .silence
    }
    let lock = try FileLock.take(directory.run.agentLock)

    await #expect(throws: PlatformError.self) {
      try await launcher(["/nowhere/stele"], limit: .milliseconds(100)).ensureRunning()
    }

    #expect(questions.withLock { $0 } <= 1)
    listener.close()
    withExtendedLifetime(lock) {}
  }

  @Test func `a run directory that cannot be made is said`() async throws {
    let file = try directory.file("file", "")
    let run = RunDirectory(of: "staging", in: file)

    await #expect(throws: PlatformError.self) {
      try await AgentLauncher(
        run, command: ["/bin/true"], variables: [:], workingDirectory: "/"
      ).ensureRunning()
    }
  }
}
