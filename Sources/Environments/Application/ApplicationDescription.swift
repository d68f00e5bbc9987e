import Events

/// What is deployed: `config/application.yaml`, the same for all environments.
///
///     application: tamma
///     components:
///       orchestrator:
///         artifact: dist/orchestrator
///         command: ["${ARTIFACT}/bin/serve", "--port=${PORT}"]
///         takesTraffic: true
///         port: {development: 8080, staging: 8081, production: 8082}
///         health: http
///         replicas: resources.orchestrator.replicas
///         environment:
///           LOG_LEVEL: ${observability.logging.level}
///     rollout:
///       bakeSeconds: 10
///       environments:
///         production: {bakeSeconds: 60}
package struct ApplicationDescription: Hashable, Sendable {
  package let name: ApplicationName
  /// By name, ascending, at least one: the order in the file means nothing.
  package let components: [ComponentDescription]
  private let rollouts: [KnownEnvironment: RolloutSettings]

  package func rollout(in environment: KnownEnvironment) -> RolloutSettings {
    rollouts[environment] ?? .standard
  }
}

extension ApplicationDescription {
  init?(reading section: SettingSection) {
    let name = section.text("application", .applicationName)
      .flatMap(ApplicationName.init(rawValue:))
    let components = section.components()
    let rollouts = section.rollouts()
    section.refuseOthers()
    guard let name, let components, let rollouts else { return nil }
    self.init(name: name, components: components, rollouts: rollouts)
  }
}

extension SettingSection {
  fileprivate func components() -> [ComponentDescription]? {
    let section = section("components", of: "components by name")
    let names = section.names(.applicationName, isEmptyAllowed: false)
    let components = names.map { section.component($0) }
    if names.isEmpty, given("components") != nil {
      report(
        "components", .outOfRange, found: "{}", "is empty",
        remedy: "describe at least one component")
    }
    return components.contains(nil) || components.isEmpty
      ? nil : components.compactMap(\.self).sorted { $0.name < $1.name }
  }

  private func component(_ entry: SettingMap.Entry) -> ComponentDescription? {
    if let complaint = TextRule.applicationName.complaint(about: entry.name) {
      report(
        entry.name, at: entry.namePosition, .outOfRange, found: nil, "\(complaint), as a name",
        remedy: "write \(TextRule.applicationName.wanted)")
    }
    let fields = section(entry.name, of: ComponentDescription.fieldNames)
    return ComponentDescription(reading: fields, named: ComponentName(rawValue: entry.name))
  }

  fileprivate func rollouts() -> [KnownEnvironment: RolloutSettings]? {
    guard let section = optionalSection("rollout", of: "limits") else { return [:] }
    let common = RolloutSettings(reading: section, over: .standard)
    let own = section.optionalSection("environments", of: "limits by environment")
    section.refuseOthers()
    var rollouts: [KnownEnvironment: RolloutSettings] = [:]
    for environment in KnownEnvironment.allCases {
      let limits = own?.optionalSection(environment.rawValue, of: "limits")
      rollouts[environment] =
        limits.map { RolloutSettings(reading: $0, over: common ?? .standard) } ?? common
      limits?.refuseOthers()
    }
    own?.refuseOthers()
    return common == nil ? nil : rollouts
  }
}
