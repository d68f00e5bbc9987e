import CanonicalJSON
import Events
import Foundation
import Testing

@testable import Environments

/// The form that the ledger records, and what differs between two of them.
@Suite struct ResolvedConfigurationTests {
  @Test func `the recorded form is canonical JSON with units in its names`() async throws {
    let environment = try Sources.load(Sources.complete()).configuration
    let plan = try Sources.project.loadApplication().plan(for: environment)

    let resolved = ResolvedConfiguration(environment: environment, application: plan)

    let text = String(decoding: resolved.canonicalBytes, as: UTF8.self)
    #expect(
      text
        == [
          #"{"application":{"components":[{"command":["${ARTIFACT}/bin/serve","--port=${PORT}","#,
          #""--level","info"],"environment":[{"name":"GREETING","value":"costs $5, $${literal}, "#,
          #"10 s"},{"name":"LOG_FORMAT","value":"json"}],"health":"http","name":"orchestrator","#,
          #""port":8082,"replicas":"resources.orchestrator.replicas"},{"command":"#,
          #"["${ARTIFACT}/bin/work"],"environment":[],"health":"process","name":"workers","#,
          #""replicas":"resources.workers.minReplicas"}],"name":"tamma","rollout":{"bakeMs":60000,"#,
          #""drainMs":10000,"healthyThreshold":3,"maxSurge":1,"startupDeadlineMs":60000,"#,
          #""stopGraceMs":10000,"unhealthyThreshold":3}},"deployment":{"healthCheckIntervalMs":"#,
          #"10000,"healthCheckPath":"/healthz","healthCheckTimeoutMs":2000,"rollback":{"automatic":"#,
          #"true,"enabled":true,"timeoutMs":300000},"strategy":"blue-green"},"description":"#,
          #""Customers work here","features":[{"name":"new-parser","value":true}],"infrastructure":"#,
          #"{"kubernetes":{"clusterName":"Tamma_1","namespace":"tamma","nodePool":"general"},"#,
          #""provider":"aws","region":"eu-central-1","subnetIds":["subnet-1","subnet-2"],"vpcId":"#,
          #""vpc-1"},"name":"production","observability":{"logging":{"destination":"stdout","#,
          #""format":"json","level":"info"},"metrics":{"enabled":true,"endpoint":"#,
          #""https://metrics.example.com","intervalMs":15000,"retentionDays":30},"tracing":"#,
          #"{"enabled":true,"endpoint":"http://traces.example.com:4318","sampleRatePpm":250000}},"#,
          #""resources":{"database":{"backupRetentionDays":30,"instanceSize":"db.r6g.large","#,
          #""storage":"100Gi"},"monitoring":{"alerting":true,"enabled":true,"retentionDays":90},"#,
          #""orchestrator":{"cpu":"500m","memory":"4Gi","replicas":2,"storage":"20Gi"},"workers":"#,
          #"{"cpu":"1","maxReplicas":12,"memory":"512Mi","minReplicas":3,"storage":"1G"}},"#,
          #""security":{"authentication":{"method":"saml","providers":["okta"]},"compliance":"#,
          #"{"auditLogging":true,"dataRetentionDays":2555,"standards":["SOC2"]},"encryption":"#,
          #"{"atRest":true,"inTransit":true,"keyManagement":"vault"},"networkPolicy":"private"}}"#,
        ].joined())
    #expect(try JSONValue(parsing: text).objectValue == resolved.recorded)
    let hashed = try await python(
      ["-c", "import hashlib,sys;print(hashlib.sha256(sys.argv[1].encode()).hexdigest())", text])
    #expect("\(resolved.digest)\n" == "sha256:\(hashed)")
  }

  @Test(arguments: KnownEnvironment.allCases)
  func `what was recorded is read back the same`(environment: KnownEnvironment) throws {
    let resolved = try resolve(environment)

    let read = try ResolvedConfiguration(recorded: resolved.recorded)

    #expect(read == resolved)
    #expect(read.digest == resolved.digest)
    #expect(read.canonicalBytes == resolved.canonicalBytes)
  }

  @Test func `fields of a later version are passed over`() throws {
    var object = try resolve(.staging).recorded
    object["budget"] = ["amount": 1]

    #expect(try ResolvedConfiguration(recorded: object) == resolve(.staging))
  }

  @Test func `a field that is missing or of another type is named, wherever it is`() throws {
    let resolved = try resolve(.production)
    for path in Self.leaves(of: .object(resolved.recorded)) where path != ["features"] {
      let text = path.joined(separator: ".")
      for broken in [nil, JSONValue.array([.null])] {
        let object = Self.replacing(path, in: .object(resolved.recorded), with: broken)
        let isOptional = ["infrastructure.vpcId", "infrastructure.subnetIds"].contains(text)
        guard !(broken == nil && (isOptional || path.last == "port")) else { continue }

        let error = #expect(throws: RecordedConfigurationError.self, "\(text)") {
          try ResolvedConfiguration(recorded: object.objectValue ?? [:])
        }

        #expect(error?.description.contains(": \(path[0])") == true)
        #expect(error?.description.contains("stele verify") == true)
      }
    }
  }

  @Test func `a recorded kubernetes section is read back`() throws {
    let environment = try Sources.load(Sources.complete()).configuration

    #expect(try EnvironmentConfiguration(recorded: environment.recorded) == environment)
  }

  @Test func `the values in the units of the files are there for templates`() throws {
    let leaves = try Sources.project.load(.development).configuration.leaves

    let texts = Dictionary(uniqueKeysWithValues: leaves.map { ($0.path, $0.text) })
    #expect(texts["deployment.healthCheckInterval"] == "0.5")
    #expect(texts["deployment.rollback.timeout"] == "5")
    #expect(texts["security.authentication.providers"] == "github")
    #expect(texts["observability.tracing.sampleRate"] == "0")
    #expect(texts["features.new-parser"] == "true")
    #expect(texts["name"] == "development")
  }

  @Test func `equal configurations do not differ`() throws {
    let recorded = try resolve(.production).recorded

    #expect(ConfigurationDifference.all(from: recorded, to: recorded).isEmpty)
    #expect(ConfigurationDifference.table([]) == "")
  }

  @Test func `differences are found by name and path, in order`() throws {
    let before = try Sources.load(Sources.complete()).configuration.recorded
    let text = try Sources.complete("maxReplicas: 12", "maxReplicas: 16")
      .replacing("  vpcId: vpc-1\n  subnetIds: [subnet-1, subnet-2]\n", with: "")
      .replacing("interval: 15", with: "interval: 7.5")
      .replacing("  new-parser: true", with: "  new-parser: false\n  🧪 beta: true")
      .replacing("standards: [SOC2]", with: "standards: [SOC2, GDPR]")
    let after = try Sources.load(text).configuration.recorded

    let differences = ConfigurationDifference.all(from: before, to: after)

    #expect(
      differences == [
        .init(path: "features.new-parser.value", before: true, after: false),
        .init(path: "features.🧪 beta.value", before: nil, after: true),
        .init(
          path: "infrastructure.subnetIds", before: ["subnet-1", "subnet-2"], after: nil),
        .init(path: "infrastructure.vpcId", before: "vpc-1", after: nil),
        .init(path: "observability.metrics.intervalMs", before: 15_000, after: 7_500),
        .init(path: "resources.workers.maxReplicas", before: 12, after: 16),
        .init(
          path: "security.compliance.standards", before: ["SOC2"], after: ["SOC2", "GDPR"]),
      ])
    #expect(
      ConfigurationDifference.table(differences) == """
        features.new-parser.value         true                     false
        features.🧪 beta.value             -                        true
        infrastructure.subnetIds          ["subnet-1","subnet-2"]  -
        infrastructure.vpcId              vpc-1                    -
        observability.metrics.intervalMs  15000                    7500
        resources.workers.maxReplicas     12                       16
        security.compliance.standards     ["SOC2"]                 ["SOC2","GDPR"]
        """)
  }

  @Test func `a first configuration is new throughout`() {
    let after: JSONObject = [
      "a": ["b": 1, "empty": [:], "list": [], "none": nil], "mixed": [["name": "x"], 2],
      "twice": [["name": "x", "value": 1], ["name": "x", "value": 2]], "named": [["name": "x"]],
    ]

    #expect(
      ConfigurationDifference.all(from: nil, to: after) == [
        .init(path: "a.b", before: nil, after: 1), .init(path: "a.empty", before: nil, after: [:]),
        .init(path: "a.list", before: nil, after: []),
        .init(path: "a.none", before: nil, after: .null),
        .init(path: "mixed", before: nil, after: [["name": "x"], 2]),
        .init(path: "named.x", before: nil, after: [:]),
        .init(
          path: "twice", before: nil,
          after: [["name": "x", "value": 1], ["name": "x", "value": 2]]),
      ])
  }

  @Test func `names that look alike and differ in bytes are two`() {
    let composed: JSONObject = ["features": [["name": "é", "value": true]]]
    let decomposed: JSONObject = ["features": [["name": "e\u{301}", "value": true]]]

    #expect(ConfigurationDifference.all(from: composed, to: decomposed).count == 2)
  }

  @Test func `a secret is not shown in a difference`() {
    let difference = ConfigurationDifference.all(
      from: ["environment": [["name": "DB_PASSWORD", "value": "hunter2"]]],
      to: ["command": ["psql", "postgres://u:hunter2@h"]])

    #expect(
      ConfigurationDifference.table(difference) == """
        command                        -         [hidden]
        environment.DB_PASSWORD.value  [hidden]  -
        """)
  }

  private func resolve(_ environment: KnownEnvironment) throws -> ResolvedConfiguration {
    let configuration = try Sources.project.load(environment).configuration
    return ResolvedConfiguration(
      environment: configuration,
      application: try Sources.project.loadApplication().plan(for: configuration))
  }

  /// Paths of all values that are no objects; items of lists by index.
  private static func leaves(of value: JSONValue) -> [[String]] {
    switch value {
    case .object(let object):
      object.flatMap { key, value in leaves(of: value).map { [key] + $0 } }
    case .array(let items) where items.contains { $0.objectValue != nil }:
      items.enumerated().flatMap { index, item in leaves(of: item).map { ["\(index)"] + $0 } }
        + [[]]
    case .null, .bool, .integer, .string, .array: [[]]
    }
  }

  private static func replacing(
    _ path: [String], in value: JSONValue, with new: JSONValue?
  ) -> JSONValue {
    guard let first = path.first else { return new ?? .null }
    let rest = Array(path.dropFirst())
    switch value {
    case .object(var object):
      object[first] = rest.isEmpty ? new : replacing(rest, in: object[first] ?? .null, with: new)
      return .object(object)
    case .array(var items):
      let index = Int(first) ?? 0
      items[index] = replacing(rest, in: items[index], with: new)
      return .array(items)
    case .null, .bool, .integer, .string: return value
    }
  }
}
