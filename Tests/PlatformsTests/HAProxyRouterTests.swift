import CanonicalJSON
import Events
import Foundation
import Glibc
import Testing

@testable import Platforms

/// HAProxy when things are not as they should be.
@Suite struct HAProxyRouterTests {
  let directory = TestDirectory()
  let router: HAProxyRouter
  let web: Frontend

  init() {
    router = HAProxyRouter(directory.run)
    web = Frontend(name: "web", port: freePorts(1)[0])
  }

  private var socket: UnixSocket {
    UnixSocket(directory: directory.run.router, name: "admin.sock")
  }

  /// A HAProxy that says what it is told to.
  private func impostor(
    _ answers: [(command: String, answer: String)]
  ) throws -> RawListener {
    try RawListener(socket) { question in
      let command = String(decoding: question, as: UTF8.self)
      let answer = answers.first { command.hasPrefix($0.command) }?.answer ?? "\n"
      return .bytes(Array(answer.utf8))
    }
  }

  @Test func `a port that is taken is said, with the port`() async throws {
    let listener = try RawListener { _ in .silence }
    let taken = Frontend(name: "web", port: listener.port)

    await #expect(throws: RouterError.portTaken(listener.port, frontend: "web")) {
      try await router.ensureRunning([taken])
    }
    listener.close()
  }

  @Test func `its ports are said while it runs`() async throws {
    #expect(try await router.ports() == [])
    try await router.ensureRunning([web])
    #expect(try await router.ports() == [web.port])
    try await router.stop()
    #expect(try await router.ports() == [])
  }

  @Test func `an answer that is none is not taken for no router`() async throws {
    let impostor = try impostor([("show info", "hello\n")])

    await #expect {
      try await router.ports()
    } throws: {
      guard case .answerMalformed = $0 as? RouterError else { return false }
      return true
    }
    impostor.close()
  }

  @Test func `another environment's HAProxy keeps its port`() async throws {
    try await router.ensureRunning([web])
    let other = HAProxyRouter(RunDirectory(of: "production", in: directory.path))

    await #expect(throws: RouterError.portTaken(web.port, frontend: "web")) {
      try await other.ensureRunning([web])
    }
    try await router.stop()
  }

  @Test func `a frontend that cannot be had leaves the others as they are`() async throws {
    try await router.ensureRunning([web])
    try await router.setServers(["web": [RouterServer(instance: "one", port: 9)]])
    let listener = try RawListener { _ in .silence }

    await #expect(throws: RouterError.portTaken(listener.port, frontend: "api")) {
      try await router.ensureRunning([web, Frontend(name: "api", port: listener.port)])
    }

    let state = try await router.state()
    #expect(state.frontends.mapValues(\.count) == ["web": 1])
    listener.close()
    try await router.stop()
  }

  @Test func `a program that is not there, or is none, is said`() async throws {
    let missing = HAProxyRouter(directory.run, program: HAProxyProgram(path: "/nowhere/haproxy"))
    await #expect(throws: RouterError.programMissing(path: "/nowhere/haproxy")) {
      try await missing.ensureRunning([web])
    }

    let refusing = try directory.script("refusing", "echo no; exit 1")
    await #expect(
      throws: RouterError.configurationRefused(
        path: "\(directory.run.router)/haproxy.cfg", reason: "no")
    ) {
      try await HAProxyRouter(directory.run, program: HAProxyProgram(path: refusing))
        .ensureRunning([web])
    }

    let failing = try directory.script("failing", "[ $1 = -c ] || { echo no room; exit 1; }")
    await #expect(throws: RouterError.notStarted(reason: "no room")) {
      try await HAProxyRouter(directory.run, program: HAProxyProgram(path: failing))
        .ensureRunning([web])
    }
  }

  @Test func `one that is not running is said`() async throws {
    try Files.makeDirectory(directory.run.router)
    let error = await #expect(throws: RouterError.self) { try await router.state() }

    guard case .notRunning(socket.path, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `stopping one that does not run is nothing`() async throws {
    try await router.stop()
  }

  @Test func `a process that only has the number of HAProxy is left alone`() async throws {
    try Files.makeDirectory(directory.run.router)
    let other = try ProcessStart(
      program: "/bin/sleep", arguments: ["600"], variables: [:], workingDirectory: "/",
      outputPath: "/dev/null"
    ).spawn()
    try Files.replace(
      "\(directory.run.router)/haproxy.pid", with: Array("\(other.pid)\n".utf8))

    try await router.stop()

    #expect(other.isAlive)
    kill(other.pid, SIGKILL)
    await ExitStatus.await(other.pid)
  }

  @Test(arguments: [
    // A server that has to be added, and one that only has to take requests.
    ("", "add server", "add server web/one 127.0.0.1:9 weight 100", "Out of servers."),
    (draining, "set server", "set server web/one state ready", "No such server."),
  ])
  func `what it refuses is said in its words`(
    servers: String, command: String, refused: String, answer: String
  ) async throws {
    try await expectRefusal(
      of: [("show stat", stat(servers)), (command, answer + "\n\n")], refused, answer)
  }

  @Test func `a change without effect is not taken for done`() async throws {
    try await expectRefusal(
      of: [("show stat", stat(Self.draining))], "show stat",
      "`set server web/one state ready` had no effect")
  }

  private static let draining = "web,one,0,0,DRAIN,100,0,0,0,0,0,127.0.0.1:9,,\n"

  private func stat(_ servers: String) -> String { "\(HAProxyTextTests.header)\n\(servers)\n" }

  /// Asks a proxy that answers so for a server, and expects it to be refused.
  private func expectRefusal(
    of answers: [(String, String)], _ command: String, _ answer: String
  ) async throws {
    let listener = try impostor(answers)
    try store(["web": []])

    await #expect(throws: RouterError.commandRefused(command: command, answer: answer)) {
      try await router.setServers(["web": [RouterServer(instance: "one", port: 9)]])
    }
    listener.close()
  }

  @Test func `an answer that says no process number is malformed`() async throws {
    let listener = try impostor([("show info", "Name: HAProxy\n\n")])

    await #expect(
      throws: RouterError.answerMalformed(command: "show info", reason: "it names no Pid")
    ) { try await HAProxyRuntime(socket: socket).pid() }
    listener.close()
  }

  @Test func `a reload that never comes about leaves the plan of before`() async throws {
    let listener = try impostor([("show info", "Pid: 7\n\n")])
    let accepting = try directory.script("accepting", "exit 0")
    try store(["web": []])
    let before = text(of: "\(directory.run.router)/router.json")
    let quick = HAProxyRouter(
      directory.run, program: HAProxyProgram(path: accepting),
      answerLimit: .milliseconds(50))

    let error = await #expect(throws: RouterError.self) {
      try await quick.ensureRunning([web, Frontend(name: "api", port: freePorts(1)[0])])
    }

    guard case .notRunning = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text(of: "\(directory.run.router)/router.json") == before)
    listener.close()
  }

  /// Writes a plan down as a router of before would have.
  private func store(_ servers: [ComponentName: [RouterServer]]) throws {
    try Files.makeDirectory(directory.run.router)
    let plan = RouterPlan(frontends: [web], servers: servers)
    try Files.replace(
      "\(directory.run.router)/router.json", with: try plan.json.canonicalBytes())
  }

  @Test(arguments: [
    ("{", "endOfText"), (#"{"frontends":[],"version":2}"#, "version is not a number in 1...1"),
    (
      #"{"frontends":[{"name":"web","port":0,"servers":[]}],"version":1}"#,
      "port is not a number in 1...65535"
    ),
    (
      #"{"frontends":[{"name":"Web","port":1,"servers":[]}],"version":1}"#,
      "name is not a component name"
    ),
  ])
  func `a plan that does not say where traffic goes stops everything`(
    text: String, reason: String
  ) async throws {
    try Files.makeDirectory(directory.run.router)
    let path = "\(directory.run.router)/router.json"
    try Files.replace(path, with: Array(text.utf8))

    let error = await #expect(throws: RouterError.self) { try await router.setServers([:]) }

    guard case .stateNotRead(path, let said) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(said.contains(reason))
  }

  @Test func `a plan that cannot be read or written is said`() async throws {
    let path = "\(directory.run.router)/router.json"
    try Files.makeDirectory(path)
    await #expect(throws: RouterError.stateNotRead(path: path, reason: "Is a directory")) {
      try await router.setServers([:])
    }
    rmdir(path)
    try store(["web": []])
    mkdir("\(path).new", 0o700)
    await #expect(throws: RouterError.stateNotWritten(path: path, reason: "Is a directory")) {
      try await router.setServers([:])
    }
  }

  @Test func `a router directory that cannot be made is said`() async throws {
    let file = try directory.file("file", "")
    let run = RunDirectory(of: "staging", in: file)

    await #expect(
      throws: RouterError.stateNotWritten(path: "\(run.router)/lock", reason: "Not a directory")
    ) { try await HAProxyRouter(run).ensureRunning([]) }
  }

  @Test func `who holds the router is waited for, not for ever`() async throws {
    try Files.makeDirectory(directory.run.router)
    let lock = try FileLock.take("\(directory.run.router)/lock")
    let impatient = HAProxyRouter(directory.run, lockLimit: .milliseconds(30))

    await #expect(
      throws: RouterError.stateNotWritten(
        path: "\(directory.run.router)/lock", reason: "someone else holds it")
    ) { try await impatient.stop() }
    withExtendedLifetime(lock) {}
  }
}
