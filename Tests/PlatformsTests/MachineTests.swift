import Events
import Glibc
import Rollouts
import Testing

@testable import Platforms

/// What is asked of the machine itself.
@Suite struct MachineTests {
  let directory = TestDirectory()

  // MARK: Preflight

  @Test func `everything is looked at, also after a failure`() async throws {
    let listener = try RawListener { _ in .silence }
    let free = freePorts(1)[0]

    let findings = await Preflight.run([
      .port(listener.port), .port(free), .memory(neededBytes: 1), .memory(neededBytes: .max),
      .disk(path: "/", neededBytes: 1), .disk(path: "/nowhere", neededBytes: 1),
    ])

    #expect(
      findings.map(\.verdict) == [.fail, .pass, .pass, .fail, .pass, .unknown])
    #expect(findings[0].reason == "port \(listener.port) is taken")
    #expect(findings[0].remedy == "find it with `ss -ltnp 'sport = :\(listener.port)'`")
    #expect(findings[5].reason == "how many bytes of room at /nowhere there are is not known")
    for finding in findings { #expect((finding.remedy == nil) == (finding.verdict == .pass)) }
    listener.close()
  }

  @Test func `no replica asks for more processors than there are`() async throws {
    let findings = await Preflight.run([
      .processors(neededMilli: 100), .processors(neededMilli: 900_000),
    ])

    #expect(findings.map(\.verdict) == [.pass, .fail])
    #expect(findings[1].reason.hasSuffix("thousandths of a processor for 900000"))
  }

  @Test func `the router must be there, and not too old`() async throws {
    let old = try directory.script("old", "echo HAProxy version 2.4.30")
    let mute = try directory.script("mute", "exit 1")

    let findings = await Preflight.run([
      .router(.standard), .router(HAProxyProgram(path: old)), .router(HAProxyProgram(path: mute)),
      .router(HAProxyProgram(path: "/nowhere/haproxy")),
    ])

    #expect(findings.map(\.verdict) == [.pass, .fail, .unknown, .fail])
    #expect(findings[1].reason == "HAProxy 2.4, at least 2.6 is needed")
    #expect(findings[3].reason == "/nowhere/haproxy: No such file or directory")
  }

  @Test(arguments: [
    ("MemTotal: 9 kB\nMemAvailable:    2048 kB\n", Int64(2_097_152)),
    ("MemAvailable: many kB\n", nil), ("MemAvailable: 7 MB\n", nil), ("", nil),
  ])
  func `memory is what the kernel says can be had`(text: String, bytes: Int64?) {
    #expect(Machine.availableMemoryBytes(in: text) == bytes)
  }

  // MARK: Processes

  @Test func `a program's name may hold anything`() {
    let tail = "S 7 42 43 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 881 9 9"

    for name in ["web", "a) R (b", "(", " ) "] {
      let status = ProcessStatus(line: "42 (\(name)) \(tail)")
      #expect(status?.state == "S")
      #expect(status?.parent == 7)
      #expect(status?.group == 42)
      #expect(status?.session == 43)
      #expect(status?.startTicks == 881)
    }
  }

  @Test(arguments: [
    "", "42 web S 1", "42 (web) S 1 2", "42 (web) S x 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0",
  ])
  func `a line that is none is no process`(line: String) {
    #expect(ProcessStatus(line: line) == nil)
  }

  @Test func `a number that nobody has is no process`() {
    let nobody = ProcessIdentity(pid: .max, startTicks: 1)

    #expect(ProcessIdentity(of: .max) == nil)
    #expect(!nobody.isAlive)
    #expect(ProcessHandle(nobody) == nil)
    #expect(ExitStatus.peek(.max) == nil)
  }

  @Test func `the end of what is no process is not known`() async {
    #expect(await ProcessIdentity(pid: .max, startTicks: 1).end() == .unknown)
  }

  @Test func `a program that cannot be run is an error`() async {
    await #expect(throws: SystemError(code: ENOENT)) {
      try await ProgramRun("/nowhere/program", [])
    }
  }

  @Test func `what a program says lies in no directory, where it would stay`() async throws {
    let run = try await ProgramRun("/bin/readlink", ["/proc/self/fd/1"])

    #expect(run.text == "/memfd:stele (deleted)\n")
  }

  @Test func `only what a run says itself is its text`() async throws {
    let log = try directory.file("log", "before\n")

    let run = try await ProgramRun("/bin/echo", ["after"], outputPath: log)

    #expect(run.exit == .status(0))
    #expect(run.text == "after\n")
    #expect(text(of: log) == "before\nafter\n")
  }

  @Test func `a run that takes too long is ended, and says so`() async throws {
    let run = try await ProgramRun(
      "/bin/sh", ["-c", "echo hello; exec sleep 600"], limit: .milliseconds(300))

    #expect(run.exit == .signal(9))
    #expect(run.text.hasSuffix("it was ended because it took longer than 0.3 seconds\n"))
  }

  @Test func `a child is waited for, and not for ever`() async throws {
    let child = try ProcessStart(
      program: "/bin/sleep", arguments: ["600"], variables: [:], workingDirectory: "/",
      outputPath: "/dev/null"
    ).spawn()
    await ExitStatus.await(child.pid, limit: .milliseconds(30))
    #expect(child.isAlive)

    kill(child.pid, SIGKILL)
    await ExitStatus.await(child.pid)

    #expect(ProcessStatus(of: child.pid) == nil)
  }

  // MARK: Ports

  @Test func `a reserved port is nobody else's, and its replica's`() throws {
    let held = try (0..<200).map { _ in try PortReservation() }

    #expect(Set(held.map(\.port)).count == 200)
    #expect(!canListen(on: held[0].port, withReuse: false))
    #expect(canListen(on: held[0].port, withReuse: true))
  }

  private func canListen(on port: Int, withReuse: Bool) -> Bool {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let descriptor = Descriptor(owning: number)
    var reuse: Int32 = withReuse ? 1 : 0
    setsockopt(
      number, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isBound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor.number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    return isBound && listen(descriptor.number, 1) == 0
  }

  // MARK: Files

  @Test func `a file is replaced whole, and its draft is gone`() throws {
    let path = "\(directory.path)/file"

    try Files.replace(path, with: Array("one".utf8))
    try Files.replace(path, with: Array("two".utf8))

    #expect(text(of: path) == "two")
    #expect(Files.names(in: directory.path).filter { !$0.hasPrefix(".") } == ["file"])
    #expect(Files.names(in: "/nowhere").isEmpty)
  }

  @Test func `a draft that cannot take the place of its file is removed`() throws {
    let path = "\(directory.path)/folder"
    try Files.makeDirectory(path)

    #expect(throws: SystemError(code: EISDIR)) {
      try Files.replace(path, with: Array("one".utf8))
    }

    #expect(!Files.names(in: directory.path).contains("folder.new"))
  }

  @Test func `a file that is too long is not read`() throws {
    let path = try directory.file("long", String(repeating: "x", count: 40_000))
    let file = try Descriptor.open(path, O_RDONLY)

    #expect(throws: SystemError(code: EFBIG)) { try file.readAll(limitBytes: 30_000) }
  }

  @Test func `what cannot be read, written or synchronized is an error`() throws {
    let path = try directory.file("file", "x")
    let writing = try Descriptor.open(path, O_WRONLY)
    let reading = try Descriptor.open(path, O_RDONLY)

    #expect(throws: SystemError(code: EBADF)) { try writing.readAll() }
    #expect(throws: SystemError(code: EBADF)) { try reading.writeAll([1]) }
    #expect(throws: SystemError.self) {
      try Descriptor.open("/dev/null", O_RDONLY).synchronize()
    }
    #expect(throws: SystemError(code: ENOTDIR)) { try Files.makeDirectory("\(path)/") }
  }

  @Test func `a lock is one's until it is let go`() throws {
    let path = "\(directory.path)/lock"
    var first = try FileLock.take(path)

    #expect(first != nil)
    #expect(try FileLock.take(path) == nil)
    first = nil
    #expect(try FileLock.take(path) != nil)
  }

  @Test func `parents are found as the shell finds them`() {
    #expect(Files.parent(of: "/a/b") == "/a")
    #expect(Files.parent(of: "/a") == "/")
    #expect(Files.parent(of: "a") == ".")
  }

  // MARK: Telling

  @Test func `everyone who listens hears the same, from then on`() async {
    let broadcast = Broadcast<Int>()
    broadcast.tell(0)
    let (first, second) = (broadcast.listen(), broadcast.listen())
    broadcast.tell(1)
    broadcast.tell(2)
    broadcast.finish()

    #expect(await first.reduce(into: []) { $0.append($1) } == [1, 2])
    #expect(await second.reduce(into: []) { $0.append($1) } == [1, 2])
    #expect(await broadcast.listen().reduce(into: []) { $0.append($1) } == [])
  }

  @Test func `an answer that is too long is refused`() async throws {
    let socket = UnixSocket(directory: directory.path, name: "long.sock")
    let listener = try RawListener(socket) { _ in .bytes([UInt8](repeating: 120, count: 2_000)) }

    await #expect(throws: UnixSocketError.tooLong(limitBytes: 1_000)) {
      try await socket.ask([10], limitBytes: 1_000, timeout: .seconds(600))
    }
    #expect(
      UnixSocketError.tooLong(limitBytes: 1_000).description
        == "the answer is longer than 1000 bytes")
    listener.close()
  }
}
