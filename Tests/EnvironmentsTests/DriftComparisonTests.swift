import CanonicalJSON
import Events
import Testing

@testable import Environments

/// Files, ledger and what runs, leaf by leaf.
@Suite struct DriftComparisonTests {
  private let handed: JSONObject
  private let started: JSONObject = [
    "build": "sha256:ab", "command": ["bin/serve", "--port=${PORT}"], "health": "GET /healthz",
    "secrets": [["file": false, "from": "token", "name": "TOKEN", "version": 3]],
    "variables": [["name": "GREETING", "value": "hello"]], "workingDirectory": "/srv/ab",
  ]

  init() throws {
    let configuration = try Sources.load(Sources.complete()).configuration
    handed = try #require(
      HandedLeaves.object([
        HandedLeaves.configuration: configuration.variable,
        HandedLeaves.flags: configuration.flagsVariable,
      ]))
  }

  private func replica(
    _ started: JSONObject? = nil, _ handed: Sighting<JSONObject>? = nil
  ) -> ReplicaLeaves {
    ReplicaLeaves(
      component: "web", started: started ?? self.started, handed: handed ?? .seen(self.handed))
  }

  private var wanted: WantedRuntime {
    WantedRuntime(
      configuration: handed, counts: ["web": 2],
      replicas: ["web-1": replica(), "web-2": replica()], routes: 3)
  }

  private func compared(
    files: Sighting<JSONObject>? = nil, replicas: Sighting<[InstanceName: ReplicaLeaves]>? = nil,
    router: Sighting<SeenRuntime.Router> = .seen(.init(wanted: [:], seen: [:]))
  ) -> DriftComparison {
    DriftComparison(
      wanted,
      SeenRuntime(
        files: files ?? .seen(handed),
        replicas: replicas ?? .seen(["web-1": replica(), "web-2": replica()]), router: router))
  }

  private var leaves: [ConfigurationDifference] { .init(of: handed) }

  @Test func `what is alike has no findings, and every leaf counts for each replica`() {
    let comparison = compared()

    #expect(comparison.findings == [])
    #expect(comparison.leaves == 2 * (leaves.count + 8) + 1)
    #expect(comparison.equal == comparison.leaves)
  }

  @Test func `a leaf that a process was started with otherwise is found, and only it`() throws {
    for leaf in leaves {
      let other = try changed(leaf.path, in: handed)
      let comparison = compared(
        replicas: .seen(["web-1": replica(), "web-2": replica(nil, .seen(other))]))

      #expect(comparison.findings.map(\.path?.text) == [leaf.path], "\(leaf.path)")
      let finding = try #require(comparison.findings.first)
      #expect(finding.sort == .changed)
      #expect(finding.instance == "web-2")
      #expect(finding.ledger?.text == leaf.shownAfter)
      #expect(finding.files?.text == leaf.shownAfter)
      #expect(finding.running != finding.ledger)
      #expect(comparison.equal == comparison.leaves - 1)
    }
  }

  /// The configuration with another value at one path, of the same shape.
  private func changed(_ path: String, in object: JSONObject) throws -> JSONObject {
    let (name, rest) = split(path)
    var object = object
    let value = try #require(object[name], "\(path)")
    object[name] =
      switch value {
      case .object(let inner) where !rest.isEmpty: .object(try changed(rest, in: inner))
      case .array(let items) where !rest.isEmpty:
        .array(try items.map { try changedItem($0, at: rest) })
      case .bool(let flag): .bool(!flag)
      case .integer(let number): .integer(number + 1)
      case .string(let text): .string(text + "x")
      case .array(let items): .array(items + ["x"])
      case .null, .object: "x"
      }
    return object
  }

  private func changedItem(_ item: JSONValue, at rest: String) throws -> JSONValue {
    let (name, field) = split(rest)
    guard let object = item.objectValue, object["name"]?.stringValue == name else { return item }
    return .object(try changed(field, in: object))
  }

  private func split(_ path: String) -> (String, String) {
    let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
    return (parts[0], parts.count > 1 ? parts[1] : "")
  }

  @Test(
    arguments: [
      ("build", "sha256:cd", "sha256:cd"), ("workingDirectory", "/srv/cd", "/srv/cd"),
      ("health", "process", "process"), ("command", ["sh"], "another"),
    ] as [(String, JSONValue, String)])
  func `what an agent started otherwise is found`(
    path: String, value: JSONValue, shown: String
  ) throws {
    var other = started
    other[path] = value
    let comparison = compared(replicas: .seen(["web-1": replica(other), "web-2": replica()]))

    #expect(comparison.findings.map(\.path?.text) == [path])
    #expect(comparison.findings.first?.running?.text == shown)
    #expect(comparison.equal == comparison.leaves - 1)
  }

  @Test func `of variables and odd texts it is said that they are others, never what`() {
    var other = started
    other["variables"] = [["name": "GREETING", "value": "hunter2"]]
    let odd = HandedLeaves.object(configuration: "hunter2", flags: "hunter2")
    let comparison = compared(
      replicas: .seen(["web-1": replica(other), "web-2": replica(nil, .seen(odd))]))

    #expect(comparison.findings.count > 3)
    #expect(!"\(comparison.findings)".contains("hunter2"))
    let paths = comparison.findings.filter { $0.running == "another" }.map(\.path?.text)
    #expect(
      Set(paths) == ["variables.GREETING.value", "STELE_CONFIGURATION", "STELE_FLAGS"])
  }

  @Test func `a value that looks like a secret is masked in every column`() {
    var other = handed
    other["extra"] = ["password": "hunter2"]
    let comparison = compared(
      files: .seen(other),
      replicas: .seen(["web-1": replica(nil, .seen(other)), "web-2": replica()]))

    #expect(comparison.findings.count == 2)
    #expect(!"\(comparison.findings)".contains("hunter2"))
    #expect(comparison.findings.contains { $0.running?.text == Secrecy.mask })
  }

  @Test func `secrets are compared by name and version`() {
    var other = started
    other["secrets"] = [["file": false, "from": "token", "name": "TOKEN", "version": 2]]
    let finding = compared(replicas: .seen(["web-1": replica(other), "web-2": replica()]))
      .findings.first

    #expect(finding?.path?.text == "secrets.TOKEN.version")
    #expect(finding?.ledger?.text == "3")
    #expect(finding?.running?.text == "2")
  }

  @Test func `a replica that does not run is missing, and none of its leaves is alike`() throws {
    let comparison = compared(replicas: .seen(["web-1": replica()]))

    #expect(comparison.findings.map(\.sort) == [.changed, .missing])
    #expect(comparison.findings.map(\.path?.text) == ["replicas", nil])
    #expect(comparison.findings.first?.ledger?.text == "2")
    #expect(comparison.findings.first?.running?.text == "1")
    #expect(comparison.findings.last?.instance == "web-2")
    #expect(comparison.equal == (comparison.leaves - 1) / 2)
  }

  @Test func `a replica that nobody recorded is found`() {
    let comparison = compared(
      replicas: .seen(["web-1": replica(), "web-2": replica(), "web-9": replica()]))

    #expect(comparison.findings.map(\.sort) == [.changed, .unrecorded])
    #expect(comparison.findings.last?.instance == "web-9")
    #expect(comparison.findings.last?.running?.text == "sha256:ab")
    #expect(comparison.equal == comparison.leaves - 2)
  }

  @Test func `what could not be looked at is a finding, and alike in nothing`() {
    let nobody = compared(
      files: .unseen("no file"), replicas: .unseen("no agent"), router: .unseen("no router"))

    #expect(nobody.differences == [])
    #expect(nobody.notCompared.map(\.part) == [.files, .replicas, .router])
    #expect(nobody.notCompared.map(\.reason?.text) == ["no file", "no agent", "no router"])
    #expect(nobody.leaves == compared().leaves + wanted.routes)
    #expect(nobody.equal == 0)

    let one = compared(
      replicas: .seen(["web-1": replica(), "web-2": replica(nil, .unseen("not yours"))]))
    #expect(one.findings.map(\.sort) == [.notCompared])
    #expect(one.findings.first?.instance == "web-2")
    #expect(one.leaves == compared().leaves)
    #expect(one.equal == one.leaves - leaves.count)
  }

  @Test func `what files say otherwise is not deployed, and no leaf of what runs`() throws {
    let path = "resources.workers.maxReplicas"
    let comparison = compared(files: .seen(try changed(path, in: handed)))

    let finding = try #require(comparison.findings.first)
    #expect(comparison.findings.count == 1)
    #expect((finding.sort, finding.part) == (.notDeployed, .files))
    #expect(finding.path?.text == path)
    #expect(finding.files?.text == "13")
    #expect(finding.ledger?.text == "12")
    #expect(finding.running?.text == "12")
    #expect(comparison.equal == comparison.leaves)
  }

  @Test func `the router is compared server by server`() {
    let comparison = compared(
      router: .seen(
        .init(
          wanted: ["web": "takes requests", "web/web-1": "127.0.0.1:1, weight 100"],
          seen: [
            "web": "takes requests", "web/web-1": "127.0.0.1:2, weight 100",
            "web/web-7": "127.0.0.1:7, weight 100",
          ])))

    #expect(comparison.findings.map(\.part) == [.router, .router])
    #expect(comparison.findings.map(\.path?.text) == ["web/web-1", "web/web-7"])
    #expect(comparison.findings.map(\.ledger?.text) == ["127.0.0.1:1, weight 100", nil])
    #expect(comparison.equal == comparison.leaves - 2)
  }

  @Test func `a process without the variables was handed nothing`() {
    #expect(HandedLeaves.object([HandedLeaves.flags: "[]"]) == nil)
    #expect(HandedLeaves.object([HandedLeaves.configuration: "{}"]) == nil)
    #expect(
      HandedLeaves.object([HandedLeaves.configuration: "{}", HandedLeaves.flags: "[]"])
        == ["features": []])
  }
}

extension [ConfigurationDifference] {
  /// Every leaf of a configuration.
  fileprivate init(of object: JSONObject) {
    self = ConfigurationDifference.all(from: nil, to: object)
  }
}
