import CanonicalJSON
import Cryptography
import Foundation
import Operations
import Platforms
import Synchronization
import TestKit
import Testing

@testable import Commands
@testable import LedgerStore

/// What a command line wrote to one stream.
final class CapturedText: TextSink {
  /// The `errno` with which everything after `room` bytes is lost.
  private let limit: (room: Int, errno: Int32)?
  private let captured = Mutex("")
  var text: String { captured.withLock { $0 } }

  init(limit: (room: Int, errno: Int32)? = nil) { self.limit = limit }

  var failure: Int32? { limit.flatMap { text.utf8.count > $0.room ? $0.errno : nil } }

  func write(_ text: String) { captured.withLock { $0 += text } }
}

/// A project directory of a test's own, in which command lines run as text in, text out.
final class Project: Sendable {
  struct Ran {
    let status: Int32
    let results: String
    let notices: String

    /// The result of `--output json`.
    func json() throws -> JSONObject {
      let line = results.last == "\n" ? String(results.dropLast()) : results
      return try #require(JSONValue(parsing: line).objectValue)
    }
  }

  private let directory: TemporaryDirectory
  /// What replicas run on.
  let runtimes = SimulatedRuntimes()
  /// What is there of every environment.
  let sight = Mutex(RuntimeSight(hasAgent: true, hasRouter: true))
  var root: String { directory.file("project") }

  /// - Parameter isInitialized: With a ledger, as `stele init tamma` makes it.
  init(isInitialized: Bool = true) async throws {
    directory = try TemporaryDirectory()
    try write("config/application.yaml", Self.application)
    try write("config/environments/development.yaml", Self.development)
    try write("dist/web/serve", "#!/bin/sh\nexit 0\n")
    if isInitialized {
      let made = await run("init tamma")
      try #require(made.status == 0, "\(made.notices)")
    }
  }

  func file(_ path: String) -> String { root + "/" + path }

  func text(_ path: String) throws -> String {
    try String(contentsOfFile: file(path), encoding: .utf8)
  }

  func write(_ path: String, _ text: String) throws {
    let url = URL(fileURLWithPath: file(path))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
    if path.hasPrefix("dist/") {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: url.path)
    }
  }

  /// Runs `stele` with these words, split at blanks; `more` follows as it is.
  ///
  /// - Parameters:
  ///   - columns: Of the terminal that stdout is; nil for none.
  ///   - hidden: What is typed without echo, one after the other; nil where stdin has `input`.
  func run(
    _ line: String, _ more: String..., variables: [String: String] = [:],
    isTerminal: Bool = false, columns: Int? = nil, answer: String? = nil,
    input: String = "from stdin\n", hidden: [String]? = nil, room: Int = .max,
    onInterrupt: (@Sendable (@escaping @Sendable () -> String) -> Void)? = nil
  ) async -> Ran {
    let results = CapturedText(limit: (room, ENOSPC)), notices = CapturedText()
    let typed = Mutex(hidden ?? [])
    let status = await Stele.run(
      line.split(separator: " ").map(String.init) + more,
      in: CommandContext(
        variables: self.variables.merging(variables) { $1 }, workingDirectory: root,
        results: results,
        notices: notices,
        terminal: Terminal(isInteractive: isTerminal, hasColour: false),
        resultTerminal: Terminal(
          isInteractive: columns != nil, hasColour: false, columns: columns ?? 100),
        executable: "/bin/false",
        ask: answer.map { answer in { @Sendable _ in answer } },
        askHidden: hidden.map { _ in
          { @Sendable _ in
            typed.withLock { $0.isEmpty ? nil : SecretBytes(Array($0.removeFirst().utf8)) }
          }
        },
        input: hidden == nil ? { @Sendable in SecretBytes(Array(input.utf8.prefix($0))) } : nil,
        runtimes: runtimes,
        sight: { [self] _ in sight.withLock { $0 } }, onInterrupt: onInterrupt))
    return Ran(status: status, results: results.text, notices: notices.text)
  }

  private var variables: [String: String] {
    [
      "HOME": directory.file("home"), "XDG_CONFIG_HOME": directory.file("keys"),
      "XDG_STATE_HOME": directory.file("state"),
    ]
  }

  /// The ledger without a command line, for what no command does yet.
  func session(time: any TimeSource = SystemTime()) throws -> Session {
    try Session.open(Workspace(root: root), for: .appending, variables: variables, time: time)
  }

  /// The key ring's directory.
  func keyRing() async throws -> String {
    let keys = directory.file("keys/stele/keys")
    let names = try FileManager.default.contentsOfDirectory(atPath: keys)
    return keys + "/" + (try #require(names.first))
  }

  func forgetWhatWasVerified() throws {
    try FileManager.default.removeItem(atPath: directory.file("state"))
  }

  /// Replaces what is remembered of the ledger: its `checkpoint`, or its `pin`.
  func remembered(_ suffix: String, _ text: String) throws {
    let state = directory.file("state/stele")
    let names = try FileManager.default.contentsOfDirectory(atPath: state)
    let name = try #require(names.first { $0.hasSuffix(".\(suffix)") })
    try text.write(toFile: "\(state)/\(name)", atomically: false, encoding: .utf8)
  }

  /// Changes the tables of one of the ledger's files.
  func alter(_ name: String, _ sql: String) throws {
    try Connection(path: file(".stele/\(name)"), access: .writing)
      .execute("PRAGMA ignore_check_constraints = 1;" + sql)
  }

  /// Changes the ledger's file behind its back: its protections are taken off, and put back.
  func tamper(_ sql: String) throws {
    let ledger = try Connection(path: file(".stele/ledger.sqlite"), access: .writing)
    func triggers(_ statement: String) throws -> String {
      try #require(
        try ledger.text(
          "SELECT group_concat(\(statement), ';') FROM sqlite_schema WHERE type = 'trigger'"))
    }
    let (dropping, making) = (try triggers("'DROP TRIGGER ' || name"), try triggers("sql"))
    try ledger.execute(
      """
      PRAGMA ignore_check_constraints = 1; PRAGMA foreign_keys = 0;
      \(dropping);\(sql);\(making)
      """)
  }

  static let application = """
    application: tamma
    components:
      orchestrator:
        artifact: dist/web
        command: ["${ARTIFACT}/serve"]
        takesTraffic: true
        port: {development: 8101, staging: 8102, production: 8103}
        health: http
        replicas: resources.orchestrator.replicas
        environment:
          PORT: ${PORT}
    rollout:
      healthyThreshold: 1
      unhealthyThreshold: 1
      startupDeadlineSeconds: 60
      bakeSeconds: 0
      drainSeconds: 0
      stopGraceSeconds: 0
    """

  static let development = """
    name: development
    description: For tests
    infrastructure: {provider: on-premise, region: local}
    resources:
      orchestrator: {replicas: 1, cpu: 250m, memory: 256Mi, storage: 1Gi}
      workers: {minReplicas: 1, maxReplicas: 2, cpu: 100m, memory: 128Mi, storage: 1Gi}
      database: {instanceSize: local, storage: 1Gi, backupRetention: 7}
      monitoring: {enabled: true, retention: 30, alerting: false}
    security:
      networkPolicy: open
      authentication: {method: api-keys, providers: [local]}
      encryption: {atRest: false, inTransit: false, keyManagement: none}
      compliance: {standards: [], auditLogging: true, dataRetention: 30}
    deployment:
      strategy: rolling
      healthCheckPath: /health
      healthCheckInterval: 0.1
      healthCheckTimeout: 0.1
      rollback: {enabled: true, timeout: 5, automatic: false}
    observability:
      logging: {level: debug, destination: stdout, format: pretty}
      metrics: {enabled: false, endpoint: "", interval: 15, retention: 30}
      tracing: {enabled: false, endpoint: "", sampleRate: 0}
    features: {}
    """
}
