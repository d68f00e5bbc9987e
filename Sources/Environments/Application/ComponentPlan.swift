import CanonicalJSON
import Events

/// One component as one release of one environment runs it.
package struct ComponentPlan: Hashable, Sendable {
  package let name: ComponentName
  /// Only ``ReplicaVariable`` references are left in it.
  package let command: [Template]
  package let variables: [ComponentDescription.Variable]
  /// Ascending by variable.
  package let secrets: [SecretUse]
  package let health: ComponentDescription.HealthCheck
  /// The port that the proxy binds; nil where the component takes no traffic.
  package let port: Int?
  package let source: ComponentDescription.ReplicaSource
  /// 0...1,000, as the configuration says.
  package let replicas: Int
  package let share: ReplicaShare

  package var takesTraffic: Bool { port != nil }

  /// Whether every replica needs a free port of its own.
  package var needsReplicaPort: Bool { takesTraffic || health == .http }
}

/// What the platform starts: a program, its arguments and its variables.
package struct ReplicaLaunch: Hashable, Sendable {
  package let command: [String]
  package let variables: [String: String]
}

extension ComponentPlan {
  /// Fills in what is known only now.
  ///
  /// The process also gets, unless `environment:` sets them, `PORT` where it needs one, and
  /// `STELE_APPLICATION`, `_ENVIRONMENT`, `_COMPONENT`, `_INSTANCE`, `_BUILD`, and as JSON the
  /// release's configuration: `STELE_CONFIGURATION`, and `STELE_FLAGS` for features and flags.
  ///
  /// - Throws: ``TemplateError/unknown(reference:)`` if a reference is still open, such as
  ///   `${PORT}` for a replica without a port.
  package func launch(_ context: ReplicaContext) throws(TemplateError) -> ReplicaLaunch {
    let values = context.values
    var arguments: [String] = []
    for argument in command { arguments.append(try argument.text(values)) }
    var own: [String: String] = [:]
    for variable in variables { own[variable.name] = try variable.value.text(values) }
    return ReplicaLaunch(
      command: arguments, variables: standardVariables(context).merging(own) { $1 })
  }

  private func standardVariables(_ context: ReplicaContext) -> [String: String] {
    var variables = [
      "STELE_APPLICATION": "\(context.application)",
      "STELE_ENVIRONMENT": "\(context.configuration.name)",
      "STELE_COMPONENT": "\(context.component)", "STELE_INSTANCE": "\(context.instance)",
      "STELE_BUILD": "\(context.build)", "STELE_FLAGS": context.configuration.flagsVariable,
      "STELE_CONFIGURATION": context.configuration.variable,
    ]
    variables["PORT"] = context.port
    return variables
  }
}

extension ComponentPlan {
  init(
    _ component: ComponentDescription, port: Int?, in configuration: EnvironmentConfiguration
  ) {
    let values = Dictionary(
      configuration.leaves.map { ($0.path, $0.text) }, uniquingKeysWith: { first, _ in first })
    self.init(
      name: component.name, command: component.command.map { $0.filling(values) },
      variables: component.variables.map { .init(name: $0.name, value: $0.value.filling(values)) },
      secrets: component.secrets,
      health: component.health, port: port, source: component.replicas, in: configuration)
  }

  private init(
    name: ComponentName, command: [Template], variables: [ComponentDescription.Variable],
    secrets: [SecretUse], health: ComponentDescription.HealthCheck, port: Int?,
    source: ComponentDescription.ReplicaSource, in configuration: EnvironmentConfiguration
  ) {
    let (replicas, share) = configuration.resources.replicas(from: source)
    self.init(
      name: name, command: command, variables: variables, secrets: secrets, health: health,
      port: port, source: source, replicas: replicas, share: share)
  }

  func replacing(secrets: [SecretUse]) -> ComponentPlan {
    ComponentPlan(
      name: name, command: command, variables: variables, secrets: secrets, health: health,
      port: port, source: source, replicas: replicas, share: share)
  }

  init(
    recorded section: RecordedSection, in configuration: EnvironmentConfiguration
  ) throws(RecordedConfigurationError) {
    var variables: [ComponentDescription.Variable] = []
    for variable in try section.sections("environment") {
      variables.append(
        .init(name: try variable.text("name"), value: try variable.template("value")))
    }
    var secrets: [SecretUse] = []
    for form in SecretUse.Form.allCases where section.object[form.field] != nil {
      for use in try section.sections(form.field) {
        secrets.append(try SecretUse(recorded: use, form))
      }
    }
    self.init(
      name: try section.name("name"), command: try section.templates("command"),
      variables: variables, secrets: secrets.sorted { $0.variable < $1.variable },
      health: try section.choice("health"),
      port: try section.optionalWhole("port"), source: try section.choice("replicas"),
      in: configuration)
  }

  /// Replicas are recorded as the leaf that they come from, which the same record holds.
  var recorded: JSONObject {
    var object: JSONObject = [
      "command": .array(command.map { .string("\($0)") }),
      "environment": .array(
        variables.map { ["name": .string($0.name), "value": .string("\($0.value)")] }),
      "health": .string(health.rawValue), "name": .string(name.rawValue),
      "replicas": .string(source.rawValue),
    ]
    object["port"] = port.map { .integer(Int64($0)) }
    for form in SecretUse.Form.allCases {
      let uses = secrets.filter { $0.form == form }
      if !uses.isEmpty { object[form.field] = .array(uses.map { .object($0.recorded) }) }
    }
    return object
  }
}

extension Resources {
  /// How many replicas the leaf asks for, and what each of them gets.
  package func replicas(
    from source: ComponentDescription.ReplicaSource
  ) -> (count: Int, share: ReplicaShare) {
    switch source {
    case .orchestrator: (orchestrator.replicas, orchestrator.share)
    case .workersMinimum: (workers.minReplicas, workers.share)
    case .workersMaximum: (workers.maxReplicas, workers.share)
    }
  }
}

extension RecordedSection {
  fileprivate func template(_ name: String) throws(RecordedConfigurationError) -> Template {
    let text = try text(name)
    return try value(name, "text with references", try? Template(parsing: text))
  }

  fileprivate func templates(_ name: String) throws(RecordedConfigurationError) -> [Template] {
    let templates = try texts(name).map { try? Template(parsing: $0) }
    return try value(
      name, "texts with references",
      templates.contains(nil) ? nil : templates.compactMap(\.self))
  }
}
