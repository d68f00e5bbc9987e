extension Resources {
  static let fieldNames = "orchestrator, workers, database and monitoring"
  static let replicaCountMax = 1_000

  init?(reading section: SettingSection) {
    let orchestrator = Orchestrator(
      reading: section.section("orchestrator", of: "replicas, cpu, memory and storage"))
    let workers = Workers(
      reading: section.section("workers", of: "minReplicas, maxReplicas, cpu, memory and storage"))
    let database = Database(
      reading: section.section("database", of: "instanceSize, storage and backupRetention"))
    let monitoring = Monitoring(
      reading: section.section("monitoring", of: "enabled, retention and alerting"))
    section.refuseOthers()
    guard let orchestrator, let workers, let database, let monitoring else { return nil }
    self.init(
      orchestrator: orchestrator, workers: workers, database: database, monitoring: monitoring)
  }

  init(recorded section: RecordedSection) throws(RecordedConfigurationError) {
    let orchestrator = try section.section("orchestrator")
    let workers = try section.section("workers")
    let database = try section.section("database")
    let monitoring = try section.section("monitoring")
    self.init(
      orchestrator: Orchestrator(
        replicas: try orchestrator.whole("replicas"),
        share: try ReplicaShare(recorded: orchestrator)),
      workers: Workers(
        minReplicas: try workers.whole("minReplicas"),
        maxReplicas: try workers.whole("maxReplicas"), share: try ReplicaShare(recorded: workers)),
      database: Database(
        instanceSize: try database.text("instanceSize"), storage: try database.bytes("storage"),
        backupRetentionDays: try database.whole("backupRetentionDays")),
      monitoring: Monitoring(
        isEnabled: try monitoring.flag("enabled"),
        retentionDays: try monitoring.whole("retentionDays"),
        isAlerting: try monitoring.flag("alerting")))
  }
}

extension Resources.Orchestrator {
  init?(reading section: SettingSection) {
    let replicas = section.whole("replicas", in: 1...Resources.replicaCountMax)
    let share = ReplicaShare(reading: section)
    section.refuseOthers()
    guard let replicas, let share else { return nil }
    self.init(replicas: replicas, share: share)
  }
}

extension Resources.Workers {
  init?(reading section: SettingSection) {
    let minimum = section.whole("minReplicas", in: 0...Resources.replicaCountMax)
    let maximum = section.whole("maxReplicas", in: 1...Resources.replicaCountMax)
    let share = ReplicaShare(reading: section)
    section.refuseOthers()
    if let minimum, let maximum, maximum < minimum {
      section.report(
        "maxReplicas", .contradiction, found: "\(maximum)", "is less than minReplicas \(minimum)",
        remedy: "write \(minimum) or more")
    }
    guard let minimum, let maximum, let share else { return nil }
    self.init(minReplicas: minimum, maxReplicas: maximum, share: share)
  }
}

extension ReplicaShare {
  init?(reading section: SettingSection) {
    let cpu = section.cpu("cpu")
    let memory = section.bytes("memory")
    let storage = section.bytes("storage")
    guard let cpu, let memory, let storage else { return nil }
    self.init(cpu: cpu, memory: memory, storage: storage)
  }

  init(recorded section: RecordedSection) throws(RecordedConfigurationError) {
    self.init(
      cpu: try section.cpu("cpu"), memory: try section.bytes("memory"),
      storage: try section.bytes("storage"))
  }
}

extension Resources.Database {
  init?(reading section: SettingSection) {
    let instanceSize = section.text("instanceSize", .identifier)
    let storage = section.bytes("storage")
    let retention = section.whole("backupRetention", in: 1...3_650, unit: "days")
    section.refuseOthers()
    guard let instanceSize, let storage, let retention else { return nil }
    self.init(instanceSize: instanceSize, storage: storage, backupRetentionDays: retention)
  }
}

extension Resources.Monitoring {
  init?(reading section: SettingSection) {
    let isEnabled = section.flag("enabled")
    let retention = section.whole("retention", in: 1...36_500, unit: "days")
    let isAlerting = section.flag("alerting")
    section.refuseOthers()
    section.keeps(.excludes(["enabled": .flag(false), "alerting": .flag(true)]))
    if isEnabled == false, isAlerting == true {
      section.report(
        "alerting", .contradiction, found: "true", "needs monitoring, which is not enabled",
        remedy: "write false, or enabled: true")
    }
    guard let isEnabled, let retention, let isAlerting else { return nil }
    self.init(isEnabled: isEnabled, retentionDays: retention, isAlerting: isAlerting)
  }
}
