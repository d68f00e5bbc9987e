import CanonicalJSON
import Events
import Foundation
import Glibc
import Rollouts
import Synchronization
import Testing

@testable import Platforms

/// An agent answers on a socket and outlives nobody's mistakes.
@Suite struct AgentTests {
  let directory = TestDirectory()

  @Test func `it says who it is, on a socket only its user may open`() async throws {
    try await RunningAgent.run(in: directory) { agent in
      let identity = try await agent.client.hello()

      #expect(identity.environment == "staging")
      #expect(identity.process == ProcessIdentity(of: getpid()))
      #expect(identity == agent.observer.record.identity)
      var status = stat()
      #expect(stat(directory.run.agentSocket.path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
      #expect(stat(directory.run.path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o700)
    }
  }

  @Test func `a whole specification reaches its replica`() async throws {
    try await RunningAgent.run(in: directory) { agent in
      let spec = ReplicaSpec(
        environment: "staging", component: "web",
        instance: try InstanceName(parsing: "whole-\(directory.path.suffix(8))"),
        build: build, intent: "deployment 1, step 2",
        command: ["/bin/sh", "-c", "echo \"$A\"; sleep 600"], workingDirectory: directory.path,
        variables: ["A": "two\nlines \u{1F600} \"quoted\""], wantsPort: true,
        logDirectory: "\(directory.path)/logs", health: .http(path: "/health"))

      let replica = try await agent.client.start(spec)

      #expect(replica.spec == spec)
      #expect(try await agent.client.running() == [replica])
      let hasSaid = await eventually {
        text(of: spec.logPath) == "two\nlines \u{1F600} \"quoted\"\n"
      }
      #expect(hasSaid)
      _ = try await agent.client.stop(spec.instance, graceMs: 5_000)
    }
  }

  @Test func `its path may be longer than a socket address`() {
    #expect(directory.run.agentSocket.path.utf8.count > 108)
  }

  @Test func `it leaves when asked, and its replicas stay`() async throws {
    let spec = try directory.spec("stays", "sleep 600")
    try await RunningAgent.run(in: directory) { agent in
      _ = try await agent.client.start(spec)
      try await agent.client.leave()
      let isGone = await eventually { (try? await agent.client.hello()) == nil }
      #expect(isGone)
    }

    let observer = RecordingObserver()
    try await RunningAgent.run(in: directory, observer: observer) { agent in
      #expect(observer.record.adopted.map(\.spec) == [spec])
      #expect(observer.record.lost == [])
      _ = try await agent.client.stop(spec.instance, graceMs: 5_000)
      let isTold = await eventually { observer.record.ends.map(\.replica.spec) == [spec] }
      #expect(isTold)
    }
  }

  @Test func `what ended without it is told to its observer as lost`() async throws {
    let spec = try directory.spec("lost", "sleep 600")
    var pid: Int32 = 0
    try await RunningAgent.run(in: directory) { agent in
      pid = try await agent.client.start(spec).process.pid
    }
    kill(-pid, SIGKILL)
    await ExitStatus.await(pid)

    let observer = RecordingObserver()
    try await RunningAgent.run(in: directory, observer: observer) { _ in
      #expect(observer.record.lost.map(\.replica.spec) == [spec])
    }
  }

  @Test func `a client hears of ends through another agent's time`() async throws {
    let client = AgentClient(directory.run, patience: .seconds(240), pollMs: 500)
    let spec = try directory.spec("heard", "sleep 600")
    var ends: AsyncStream<ReplicaEnd>.Iterator?
    try await RunningAgent.run(in: directory) { agent in
      ends = await client.ends().makeAsyncIterator()
      _ = try await client.start(try directory.spec("first", "exit 4"))
      #expect(await ends?.next()?.exit == .status(4))
      _ = try await client.start(spec)
    }
    try await RunningAgent.run(in: directory) { agent in
      _ = try await client.stop(spec.instance, graceMs: 5_000)
      #expect(await ends?.next()?.replica.spec == spec)
    }
  }

  @Test func `a client hears of what ended while no agent ran`() async throws {
    let client = AgentClient(directory.run, patience: .seconds(240), pollMs: 500)
    let spec = try directory.spec("unseen", "sleep 600")
    var ends: AsyncStream<ReplicaEnd>.Iterator?
    var replica: RunningReplica?
    let first = FirstPlatform()
    let observer = RecordingObserver { first.platform = $0 as? ProcessPlatform }
    try await RunningAgent.run(in: directory, observer: observer) { _ in
      ends = await client.ends().makeAsyncIterator()
      replica = try await client.start(spec)
    }
    // A question that it still answers keeps it in this process, and it would see the end itself.
    #expect(await eventually { first.platform == nil })
    let unseen = try #require(replica)
    kill(-unseen.process.pid, SIGKILL)
    await ExitStatus.await(unseen.process.pid)

    try await RunningAgent.run(in: directory) { _ in
      let told = await ends?.next()
      #expect(told == ReplicaEnd(replica: unseen, exit: .unknown, wasAsked: false))
    }
  }

  @Test func `a second agent does not start`() async throws {
    try await RunningAgent.run(in: directory) { _ in
      await #expect(throws: PlatformError.self) {
        try await Agent(directory.run, observer: RecordingObserver(), endingSignals: []).run()
      }
    }
  }

  @Test func `it leaves when its companion fails`() async throws {
    struct Failure: Error {}
    let agent = Agent(
      directory.run, observer: RecordingObserver { _ in throw Failure() }, endingSignals: [])

    await #expect(throws: Failure.self) { try await agent.run() }
  }

  @Test func `a companion may end before it`() async throws {
    try await RunningAgent.run(in: directory, observer: RecordingObserver { _ in }) { agent in
      _ = try await agent.client.hello()
    }
  }

  @Test func `a signal makes it leave`() async throws {
    let directory = directory
    let agent = Agent(directory.run, observer: RecordingObserver(), endingSignals: [SIGUSR1])
    let running = Task { try await agent.run() }
    let client = AgentClient(directory.run)
    let isThere = await eventually { (try? await client.hello()) != nil }
    #expect(isThere)

    kill(getpid(), SIGUSR1)

    try await running.value
    #expect((try? await client.hello()) == nil)
  }

  @Test(arguments: [
    ("nonsense", "unexpectedByte"), ("[]", "it is no object"),
    (#"{"ask":"hello","version":2}"#, "version is not a number in 1...1"),
    (#"{"ask":"dance","version":1}"#, "ask is not something an agent can be asked"),
    (#"{"ask":"stop","graceMs":-1,"instance":"a","version":1}"#, "graceMs is not a number"),
    (#"{"ask":"stop","graceMs":1,"instance":"a/b","version":1}"#, "instance is not an instance"),
    (#"{"ask":"start","spec":{"health":{}},"version":1}"#, "variables is not a list of objects"),
    (#"{"ask":"hello","version":1}"#, "untilMs is not a number"),
    ("", "endOfText"),
  ])
  func `a question that is none is answered as such`(line: String, reason: String) async throws {
    try await RunningAgent.run(in: directory) { agent in
      let answer = try await directory.run.agentSocket.ask(
        Array("\(line)\n".utf8), timeout: .seconds(240))

      let text = String(decoding: answer, as: UTF8.self)
      #expect(text.contains(#""kind":"agentAnswer""#))
      #expect(text.contains(reason), "\(text)")
      _ = try await agent.client.hello()
    }
  }

  /// Else a start that its driver gave up would run, and no entry would know of it.
  @Test func `what nobody waits for any more is not started`() async throws {
    let spec = try directory.spec("late", "sleep 600")
    try await RunningAgent.run(in: directory) { agent in
      let late = AgentQuestion(.start(spec), untilMs: KernelClock.sinceBootMs - 1)
      let answer = try await directory.run.agentSocket.ask(
        try JSONValue.object(late.json).canonicalBytes() + [UInt8(ascii: "\n")],
        timeout: .seconds(240))

      #expect(String(decoding: answer, as: UTF8.self).contains("nobody waits for any more"))
      #expect(try await agent.client.running() == [])
      let timely = AgentQuestion(.running, waiting: .seconds(240))
      #expect(try AgentQuestion(json: timely.json) == timely)
      #expect(!timely.isLate(atMs: timely.untilMs))
    }
  }

  @Test func `a question without an end is not read for ever`() async throws {
    try await RunningAgent.run(in: directory) { agent in
      let endless = [UInt8](repeating: UInt8(ascii: "x"), count: 5 << 20)
      let answer = try? await directory.run.agentSocket.ask(endless, timeout: .seconds(240))

      #expect(answer ?? [] == [])
      _ = try await agent.client.hello()
    }
  }

  @Test(arguments: [
    ("nonsense\n", "unexpectedByte"), ("\n", "endOfText"),
    (#"{"answer":{},"version":2}"# + "\n", "version is not a number in 1...1"),
    (#"{"answer":{},"version":1}"# + "\n", "it answers another question"),
    (#"{"answer":{"agent":{}},"version":1}"# + "\n", "environment is not a text"),
    (#"{"error":{"kind":"new"},"version":1}"# + "\n", "kind is not an error of an agent"),
  ])
  func `an answer that is none is an error`(answer: String, reason: String) async throws {
    let listener = try RawListener(directory.run.agentSocket) { _ in .bytes(Array(answer.utf8)) }
    let client = AgentClient(directory.run)

    for ask in [
      { _ = try await client.hello() }, { _ = try await client.running() },
      { _ = try await client.stop("a", graceMs: 0) },
      { _ = try await client.start(try directory.spec("a", "true")) },
    ] as [() async throws -> Void] {
      let error = await #expect(throws: PlatformError.self) { try await ask() }
      guard case .agentAnswer(directory.run.agentSocket.path, let said) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(said.contains(reason))
    }
    listener.close()
  }

  /// Else its client takes a replica for not started that the next agent finds running.
  @Test(arguments: ["", #"{"answer":{"#])
  func `an agent that was ended before it had answered is not reached`(half: String) async throws {
    let listener = try RawListener(directory.run.agentSocket) { _ in .bytes(Array(half.utf8)) }
    let client = AgentClient(directory.run)
    await #expect(
      throws: PlatformError.agentNotReached(
        socket: directory.run.agentSocket.path, reason: "it went away before it had answered")
    ) { _ = try await client.start(try directory.spec("a", "true")) }
    listener.close()
  }

  @Test func `an agent that is not there, or says nothing, is not reached`() async throws {
    let client = AgentClient(directory.run, patience: .milliseconds(50))
    await #expect(throws: PlatformError.self) { try await client.hello() }
    try Files.makeDirectory(directory.run.path)
    await #expect(throws: PlatformError.self) { try await client.leave() }

    let listener = try RawListener(directory.run.agentSocket) { _ in .silence }
    await #expect(
      throws: PlatformError.agentNotReached(
        socket: directory.run.agentSocket.path, reason: "no complete answer within 0.05 seconds")
    ) { try await client.hello() }

    let lock = try FileLock.take(directory.run.agentLock)
    await #expect(
      throws: PlatformError.agentNotReached(
        socket: directory.run.agentSocket.path, reason: "no complete answer within 0.05 seconds",
        lock: directory.run.agentLock)
    ) { try await client.hello() }
    withExtendedLifetime(lock) {}
    listener.close()
  }

  @Test func `orphans of its replicas are reaped, and nobody else's children`() async throws {
    Orphans.adopt()
    let said = try directory.file("said", "")
    let own = try ProcessStart(
      program: "/bin/sh", arguments: ["-c", "setsid sh -c 'echo $$' & wait"], variables: [:],
      workingDirectory: "/", outputPath: said
    ).spawn()
    let other = try ProcessStart(
      program: "/bin/sh", arguments: ["-c", "setsid sh -c 'echo $$; sleep 0.2' & exit 0"],
      variables: [:], workingDirectory: "/", outputPath: said
    ).spawn()
    let haveEnded = await eventually { !own.isAlive && !other.isAlive }
    #expect(haveEnded)
    let orphans = text(of: said).split(separator: "\n").compactMap { Int32($0) }

    let areReaped = await eventually {
      Orphans.reap()
      return orphans.allSatisfy { ProcessStatus(of: $0) == nil }
    }

    #expect(areReaped)
    #expect(ProcessStatus(of: own.pid)?.hasEnded == true)
    #expect(ProcessStatus(of: other.pid)?.hasEnded == true)
    ExitStatus.reap(own.pid)
    ExitStatus.reap(other.pid)
  }

  @Test func `the last thousand ends are kept, and counted on`() async throws {
    let log = EndLog()
    let replica = RunningReplica(
      spec: try directory.spec("a", "true"), process: ProcessIdentity(pid: 1, startTicks: 1),
      port: nil)
    for status in 0..<1_005 {
      await log.record(
        ReplicaEnd(replica: replica, exit: .status(status % 256), wasAsked: false))
    }

    let (some, next) = await log.ends(after: 1_003, waiting: .zero)
    #expect(next == 1_005)
    #expect(some.map(\.exit) == [.status(1_003 % 256), .status(1_004 % 256)])
    #expect(await log.ends(after: 0, waiting: .zero).ends.count == 1_000)
    #expect(await log.ends(after: 1_005, waiting: .zero).ends.isEmpty)
  }
}

/// The platform of an agent in this process, as long as anybody needs it.
private final class FirstPlatform: Sendable {
  private let held = Mutex(Held())

  private struct Held {
    weak var platform: ProcessPlatform?
  }

  var platform: ProcessPlatform? {
    get { held.withLock { $0.platform } }
    set { held.withLock { $0.platform = newValue } }
  }
}
