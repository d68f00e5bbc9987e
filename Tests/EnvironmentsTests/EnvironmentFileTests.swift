import Foundation
import Testing

@testable import Environments

/// Reading and merging `config/environments/*.yaml`.
@Suite struct EnvironmentFileTests {
  @Test(arguments: KnownEnvironment.allCases)
  func `base and environment merge into what PyYAML makes of them`(
    environment: KnownEnvironment
  ) async throws {
    let directory = Sources.fixtures + "/project/config/environments"
    let expected = try await python(
      [
        "\(Sources.fixtures)/yaml_leaves.py", "\(directory)/base.yaml",
        "\(directory)/\(environment).yaml",
      ]
    ).split(separator: "\n").map(String.init)

    let lower = try parse("base.yaml", .base)
    let upper = try parse("\(environment).yaml", .environment)

    #expect(leaves(of: .map(lower.merged(under: upper))).sorted() == expected)
  }

  @Test func `production has the values of its files in the units of the ledger`() throws {
    let configuration = try Sources.project.load(.production).configuration

    #expect(configuration.name == .production)
    #expect(configuration.description == "Produktion für Tamma: Kunden arbeiten hiermit")
    #expect(configuration.infrastructure.subnetIDs == ["subnet-1", "subnet-2"])
    #expect(configuration.infrastructure.kubernetes == nil)
    #expect(configuration.resources.orchestrator.share.cpu.milliCPU == 2_000)
    #expect(configuration.resources.workers.share.cpu.milliCPU == 1_500)
    #expect(configuration.resources.workers.share.memory.bytes == 1_610_612_736)
    #expect(configuration.resources.workers.share.storage.bytes == 10_000_000_000)
    #expect(configuration.resources.database.backupRetentionDays == 30)
    #expect(configuration.security.authentication.providers == ["okta", "azure-ad"])
    #expect(configuration.deployment.healthCheckIntervalMs == 10_000)
    #expect(configuration.deployment.healthCheckTimeoutMs == 2_000)
    #expect(configuration.deployment.rollback.timeoutMs == 150_000)
    #expect(configuration.observability.metrics.intervalMs == 15_000)
    #expect(configuration.observability.tracing.sampleRatePpm == 250_000)
    #expect(configuration.features.map(\.name) == ["audit-page", "new-parser", "🧪 beta/α"])
  }

  @Test func `a null removes what the base says, where the field may be absent`() throws {
    let development = try Sources.project.load(.development).configuration
    #expect(development.features == [FeatureFlag(name: "new-parser", isOn: true)])
    #expect(development.deployment.healthCheckIntervalMs == 500)

    let loaded = try Sources.load(
      "infrastructure: {vpcId: ~, subnetIds: null}\nname: production",
      base: Sources.complete())
    #expect(loaded.configuration.infrastructure.vpcID == nil)
    #expect(loaded.configuration.infrastructure.subnetIDs == nil)
    #expect(loaded.configuration.infrastructure.kubernetes?.namespace == "tamma")
  }

  @Test func `a null is refused where a value is needed`() throws {
    #expect(
      try Sources.problems(
        "name: production\nresources:\n  workers:\n    cpu: null",
        base: Sources.complete()) == [
          "production.yaml:4:10: resources.workers.cpu: null is no value here; "
            + "write cores such as 2 or 0.5, or thousandths of one such as 500m"
        ])
  }

  @Test func `every value keeps the file, line, column and layer it was written at`() throws {
    let origins = try Sources.project.load(.production).origins

    #expect(
      origins["resources.workers.maxReplicas"]
        == SourcePosition(
          file: Sources.production, line: 17, column: 18, layer: .environment))
    #expect(
      origins["deployment.healthCheckTimeout"]
        == SourcePosition(
          file: "config/environments/base.yaml", line: 45, column: 23, layer: .base))
    #expect(origins["features.🧪 beta/α"]?.line == 51)
    #expect(origins.count == 50)
  }

  @Test func `a list in the environment replaces the base's list whole`() throws {
    let loaded = try Sources.load(
      "name: production\ninfrastructure: {subnetIds: [other]}", base: Sources.complete())

    #expect(loaded.configuration.infrastructure.subnetIDs == ["other"])
  }

  @Test func `a problem in the base is shown at the base's place`() throws {
    #expect(
      try Sources.problems("name: production", base: Sources.complete("cpu: 500m", "cpu: fast"))
        == [
          "base.yaml:15:10: resources.orchestrator.cpu: fast is not a quantity; "
            + "write cores such as 2 or 0.5, or thousandths of one such as 500m"
        ])
  }

  @Test func `faults of both files are told together`() throws {
    #expect(
      Sources.problems("- a list", base: "a: [\n") == [
        "base.yaml:2:1: the file is not YAML: while parsing a flow node, did not find expected "
          + "node content; write YAML that a parser accepts",
        "production.yaml:1:1: the file holds a list; write fields as name: value",
      ])
  }

  @Test func `a missing environment names the files that are there`() throws {
    let scratch = try Scratch()
    try scratch.write("", to: "config/environments/staging.yaml")
    try scratch.write("", to: "config/environments/production.yml")
    let directory = ConfigurationDirectory(root: scratch.path)

    let error = #expect(throws: ConfigurationError.self) { try directory.load(.production) }

    #expect(
      error
        == .missing(
          file: "config/environments/production.yaml",
          available: [
            "config/environments/production.yml", "config/environments/staging.yaml",
          ]))
    #expect(
      error?.description == """
        config/environments/production.yaml was not read: there is no such file.
        There are: config/environments/production.yml, config/environments/staging.yaml.
        """)
    #expect(
      directory.strays.map(\.description) == [
        "config/environments/production.yml:1:1: nobody reads a file of this name; name it one of "
          + "development.yaml, staging.yaml, production.yaml, base.yaml, or move it elsewhere"
      ])
  }

  @Test func `a directory without configuration is told as such`() throws {
    let scratch = try Scratch()

    let error = #expect(throws: ConfigurationError.self) {
      try ConfigurationDirectory(root: scratch.path).loadApplication()
    }

    #expect(error == .missing(file: "config/application.yaml", available: []))
    #expect(error?.description.contains("Is this the project's directory?") == true)
  }

  @Test func `a file that cannot be read says why`() throws {
    let scratch = try Scratch()
    try scratch.write("", to: "config/environments/staging.yaml/inside")

    let error = #expect(throws: ConfigurationError.self) {
      try ConfigurationDirectory(root: scratch.path).load(.staging)
    }

    guard case .unreadable(let file, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(file == "config/environments/staging.yaml")
    #expect(!reason.isEmpty)
    #expect(error?.description.hasPrefix("\(file) was not read: \(reason).") == true)
  }

  @Test func `an environment works without a base`() throws {
    #expect(try Sources.problems(Sources.complete()).isEmpty)
  }

  private func parse(_ name: String, _ layer: SourcePosition.Layer) throws -> SettingMap {
    var reader = YAMLReader(file: name, layer: layer)
    let text = try Sources.text("project/config/environments/\(name)")
    return try #require(try reader.read(Array(text.utf8)))
  }

  private func leaves(of node: SettingNode, path: String = "") -> [String] {
    switch node {
    case .scalar(let scalar): node.isNull ? [] : ["\(path)=\(scalar.text)"]
    case .list(let items, _):
      ["\(path)=\(items.map { $0.shownText ?? "" }.joined(separator: ","))"]
    case .map(let map):
      map.entries.flatMap {
        leaves(of: $0.value, path: path.isEmpty ? $0.name : "\(path).\($0.name)")
      }
    }
  }
}
