import Events
import Foundation
import Glibc
import Platforms
import Rollouts
import Testing

/// What a replica gets from its platform, and what it does not.
@Suite struct ProcessTests {
  let directory = TestDirectory()
  let platform: ProcessPlatform

  init() async throws {
    platform = try await ProcessPlatform.open(directory.run).platform
  }

  /// Runs a script to its end and returns what it said.
  private func said(
    _ script: String, variables: [String: String] = [:], wantsPort: Bool = false
  ) async throws -> String {
    let spec = try directory.spec("run", script, variables: variables, wantsPort: wantsPort)
    let ends = await platform.ends()
    _ = try await platform.start(spec)
    _ = await ends.first { $0.replica.spec == spec }
    return text(of: spec.logPath)
  }

  @Test func `it has the environment it was given, and no other`() async throws {
    let said = try await said("env", variables: ["A": "b c", "EMPTY": ""])

    let names = said.split(separator: "\n").map { $0.split(separator: "=")[0] }
    #expect(said.contains("A=b c\n"))
    #expect(said.contains("STELE_REPLICA=run-"))
    #expect(
      Set(names).subtracting(["PWD", "SHLVL", "_", "OLDPWD"])
        == ["A", "EMPTY", "STELE_REPLICA"])
  }

  @Test func `it knows its port, by variable and by placeholder`() async throws {
    let spec = try directory.spec(
      named: "port", ["/bin/sh", "-c", "echo $PORT $URL $0 $1", "${PORT}", "-p${PORT},${PORT}"],
      variables: ["URL": "http://127.0.0.1:${PORT}/"], wantsPort: true)
    let ends = await platform.ends()

    let port = try #require(try await platform.start(spec).port)
    _ = await ends.first { _ in true }

    #expect(
      text(of: spec.logPath)
        == "\(port) http://127.0.0.1:\(port)/ \(port) -p\(port),\(port)\n")
  }

  @Test func `of a single file it is in the directory that the file lies in`() async throws {
    let file = try directory.script("content", "pwd")
    let spec = ReplicaSpec(
      environment: "staging", component: "run", instance: "run-file",
      build: try directory.spec("a", "true").build, intent: "test", command: [file],
      workingDirectory: file, wantsPort: false, logDirectory: directory.path, health: .process)
    let ends = await platform.ends()
    _ = try await platform.start(spec)
    _ = await ends.first { $0.replica.spec == spec }

    #expect(text(of: spec.logPath) == "\(directory.path)\n")
  }

  @Test func `it is in its working directory, a session of its own, and reads nothing`()
    async throws
  {
    let said = try await said(
      "pwd; cat; test -t 0 || echo empty; test $(cut -d' ' -f6 /proc/$$/stat) = $$ && echo own")

    #expect(said == "\(directory.path)\nempty\nown\n")
  }

  @Test func `no descriptor of ours is open in it`() async throws {
    let open = try FileHandle(forWritingTo: URL(filePath: "/dev/null"))
    defer { try? open.close() }

    #expect(try await said("ls /proc/$$/fd") == "0\n1\n2\n")
  }

  @Test func `no signal is ignored or blocked in it`() async throws {
    let said = try await said("grep -E 'SigIgn|SigBlk' /proc/$$/status | tr -d '\\t'")

    let numbers = said.split(separator: "\n").compactMap { UInt64($0.dropFirst(7), radix: 16) }
    let named: UInt64 = 0x7FFF_FFFF  // 32 and 33 are the C library's own.
    #expect(numbers.map { $0 & named } == [0, 0])
  }

  @Test func `what it says is added to what was said before`() async throws {
    #expect(try await said("echo one; echo two >&2") == "one\ntwo\n")
    #expect(try await said("echo three") == "one\ntwo\nthree\n")
  }

  @Test func `a program is looked for in its own path`() async throws {
    try FileManager.default.createDirectory(
      atPath: "\(directory.path)/bin", withIntermediateDirectories: true)
    _ = try directory.script("bin/hello", "echo hello")
    for (name, command) in [("relative", "bin/hello"), ("searched", "hello")] {
      let spec = try directory.spec(
        named: name, [command], variables: ["PATH": "/nowhere:\(directory.path)/bin:/bin"])
      let ends = await platform.ends()
      _ = try await platform.start(spec)
      #expect(await ends.first { _ in true }?.exit == .status(0))
      #expect(text(of: spec.logPath) == "hello\n")
    }
  }

  @Test func `what cannot be started is said before anything is`() async throws {
    let file = try directory.file("data", "no program")
    let cases: [(ReplicaSpec, PlatformError)] = [
      (
        try directory.spec(named: "a", ["/bin/true"], workingDirectory: "/nowhere"),
        .noWorkingDirectory(path: "/nowhere")
      ),
      (
        try directory.spec(named: "b", [file]),
        .notExecutable(path: file, reason: "it is not marked executable")
      ),
      (
        try directory.spec(named: "c", ["/bin"]),
        .notExecutable(path: "/bin", reason: "it is no file")
      ),
      (
        try directory.spec(named: "d", ["nothing-of-this-name"]),
        .notExecutable(
          path: "nothing-of-this-name", reason: "no directory of its PATH has it")
      ),
    ]
    for (spec, error) in cases {
      await #expect(throws: error) { try await platform.start(spec) }
    }
    let empty = try directory.spec(named: "e", [])
    await #expect(
      throws: PlatformError.notStarted(empty.instance, reason: "its command is empty")
    ) { try await platform.start(empty) }
    #expect(await platform.running().isEmpty)
  }

  @Test func `a file that is no program is not started, and forgotten`() async throws {
    let file = try directory.file("garbage", "\u{7f}ELF no")
    chmod(file, 0o700)
    let spec = try directory.spec(named: "garbage", [file])

    await #expect(
      throws: PlatformError.notStarted(spec.instance, reason: "Exec format error")
    ) { try await platform.start(spec) }
    #expect(text(of: directory.run.replicas).contains(#""replicas":[]"#))
  }

  @Test func `a log directory that cannot be made is said`() async throws {
    let file = try directory.file("logs", "")
    let spec = try directory.spec("replica", "true")

    await #expect(
      throws: PlatformError.notStarted(spec.instance, reason: "\(file)/below: Not a directory")
    ) {
      try await platform.start(
        ReplicaSpec(
          environment: spec.environment, component: spec.component, instance: spec.instance,
          build: build, intent: "", command: spec.command,
          workingDirectory: spec.workingDirectory, wantsPort: false,
          logDirectory: "\(file)/below", health: .process))
    }
  }

  @Test func `its whole group ends with it`() async throws {
    let spec = try directory.spec(
      "family", "sh -c 'trap \"\" TERM; echo $$; exec sleep 600' & echo started; wait")
    _ = try await platform.start(spec)
    let hasStarted = await eventually {
      text(of: spec.logPath).split(separator: "\n").count == 2
    }
    #expect(hasStarted)
    let child = try #require(
      text(of: spec.logPath).split(separator: "\n").lazy.compactMap { Int32($0) }.first)
    #expect(ProcessIdentity(of: child) != nil)

    #expect(try await platform.stop(spec.instance, graceMs: 5_000) == .signal(15))

    let isGone = await eventually { ProcessIdentity(of: child) == nil }
    #expect(isGone)
  }

  @Test func `a signal that ended it is told`() async throws {
    let spec = try directory.spec("killed", "kill -SEGV $$")
    let ends = await platform.ends()

    let replica = try await platform.start(spec)

    #expect(
      await ends.first { _ in true }
        == ReplicaEnd(replica: replica, exit: .signal(11), wasAsked: false))
  }

  @Test func `its health is asked as its specification says`() async throws {
    let replica = try await platform.start(try directory.spec("one", "sleep 600"))
    #expect(replica.probeTarget(timeoutMs: 5) == .process(replica.process))

    let web = RunningReplica(
      spec: ReplicaSpec(
        environment: "staging", component: "web", instance: "web-1", build: build, intent: "",
        command: [], workingDirectory: "/", wantsPort: true, logDirectory: "/",
        health: .http(path: "/health")), process: replica.process, port: 80)
    #expect(
      web.probeTarget(timeoutMs: 5) == .http(port: 80, path: "/health", timeoutMs: 5))
    #expect(
      RunningReplica(spec: web.spec, process: web.process, port: nil)
        .probeTarget(timeoutMs: 5) == nil)
    _ = try await platform.stop(replica.spec.instance, graceMs: 0)
  }
}
