import Testing

@testable import Environments

/// What the readers ask for, noted.
@Suite struct SettingShapeTests {
  /// The story's interface, leaf by leaf.
  static let story = """
    name description
    infrastructure.provider infrastructure.region infrastructure.vpcId infrastructure.subnetIds
    infrastructure.kubernetes.clusterName infrastructure.kubernetes.namespace
    infrastructure.kubernetes.nodePool
    resources.orchestrator.replicas resources.orchestrator.cpu resources.orchestrator.memory
    resources.orchestrator.storage
    resources.workers.minReplicas resources.workers.maxReplicas resources.workers.cpu
    resources.workers.memory resources.workers.storage
    resources.database.instanceSize resources.database.storage resources.database.backupRetention
    resources.monitoring.enabled resources.monitoring.retention resources.monitoring.alerting
    security.networkPolicy security.authentication.method security.authentication.providers
    security.encryption.atRest security.encryption.inTransit security.encryption.keyManagement
    security.compliance.standards security.compliance.auditLogging
    security.compliance.dataRetention
    deployment.strategy deployment.healthCheckPath deployment.healthCheckInterval
    deployment.healthCheckTimeout
    deployment.rollback.enabled deployment.rollback.timeout deployment.rollback.automatic
    observability.logging.level observability.logging.destination observability.logging.format
    observability.metrics.enabled observability.metrics.endpoint observability.metrics.interval
    observability.metrics.retention
    observability.tracing.enabled observability.tracing.endpoint observability.tracing.sampleRate
    features.*
    """.split(whereSeparator: \.isWhitespace).map(String.init)

  @Test func `an environment has the story's fields and no others`() {
    #expect(SettingShape.environment.leaves == Self.story)
  }

  @Test func `only what the story marks so may be missing`() throws {
    guard case .section(let fields, _) = SettingShape.environment else {
      Issue.record("an environment is a section")
      return
    }
    #expect(fields.filter { !$0.isRequired } == [])
    let infrastructure = try #require(fields.first { $0.name == "infrastructure" })
    guard case .section(let parts, let rules) = infrastructure.shape else {
      Issue.record("an infrastructure is a section")
      return
    }
    #expect(
      parts.filter { !$0.isRequired }.map(\.name) == ["vpcId", "subnetIds", "kubernetes"])
    #expect(rules == [.needs("subnetIds", "vpcId")])
  }

  @Test func `a field is found by its path`() {
    let shape = SettingShape.environment
    #expect(
      shape["deployment.healthCheckInterval".split(separator: ".")]
        == .number(.init(range: 100...3_600_000, factor: 1_000)))
    #expect(shape["features.anything".split(separator: ".")] == .flag)
    #expect(shape["deployment.nothing".split(separator: ".")] == nil)
    #expect(SettingShape.application["components.web.takesTraffic".split(separator: ".")] == .flag)
  }

  @Test func `an application has its fields, those with defaults may be missing`() {
    let leaves = SettingShape.application.leaves
    #expect(leaves.contains("application"))
    #expect(leaves.contains("components.*.command"))
    #expect(leaves.contains("components.*.port"))
    #expect(leaves.contains("components.*.environment.*"))
    #expect(leaves.contains("rollout.bakeSeconds"))
    #expect(leaves.contains("rollout.environments.production.bakeSeconds"))
  }
}
