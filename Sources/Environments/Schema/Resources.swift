/// How much of everything an environment gets.
package struct Resources: Hashable, Sendable {
  package let orchestrator: Orchestrator
  package let workers: Workers
  package let database: Database
  package let monitoring: Monitoring

  package struct Orchestrator: Hashable, Sendable {
    /// 1...1,000.
    package let replicas: Int
    package let share: ReplicaShare
  }

  package struct Workers: Hashable, Sendable {
    /// 0...1,000, at most ``maxReplicas``.
    package let minReplicas: Int
    /// 1...1,000.
    package let maxReplicas: Int
    package let share: ReplicaShare
  }

  package struct Database: Hashable, Sendable {
    package let instanceSize: String
    package let storage: ByteQuantity
    /// 1...3,650.
    package let backupRetentionDays: Int
  }

  package struct Monitoring: Hashable, Sendable {
    package let isEnabled: Bool
    /// 1...36,500.
    package let retentionDays: Int
    /// Only where monitoring is enabled.
    package let isAlerting: Bool
  }
}

/// What one replica of a component gets.
package struct ReplicaShare: Hashable, Sendable {
  package let cpu: CPUQuantity
  package let memory: ByteQuantity
  package let storage: ByteQuantity

  package init(cpu: CPUQuantity, memory: ByteQuantity, storage: ByteQuantity) {
    self.cpu = cpu
    self.memory = memory
    self.storage = storage
  }

  var fields: [ConfigurationField] {
    [
      .init("cpu", .text("\(cpu)")), .init("memory", .text("\(memory)")),
      .init("storage", .text("\(storage)")),
    ]
  }
}

extension Resources {
  var fields: [ConfigurationField] {
    [
      .init(
        "orchestrator",
        .section([.init("replicas", .whole(orchestrator.replicas))] + orchestrator.share.fields)),
      .init(
        "workers",
        .section(
          [
            .init("minReplicas", .whole(workers.minReplicas)),
            .init("maxReplicas", .whole(workers.maxReplicas)),
          ] + workers.share.fields)),
      .init(
        "database",
        .section([
          .init("instanceSize", .text(database.instanceSize)),
          .init("storage", .text("\(database.storage)")),
          .init("backupRetention", .days(database.backupRetentionDays)),
        ])),
      .init(
        "monitoring",
        .section([
          .init("enabled", .flag(monitoring.isEnabled)),
          .init("retention", .days(monitoring.retentionDays)),
          .init("alerting", .flag(monitoring.isAlerting)),
        ])),
    ]
  }
}
