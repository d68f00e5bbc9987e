extension LoadedApplication {
  /// Fills the application in for one environment, and checks what only both together show.
  ///
  /// - Throws: ``ConfigurationError/invalid(_:)`` with every reference that names nothing, every
  ///   component without a port where it takes traffic, ports used twice, a bake that outlasts the
  ///   environment's `rollback.timeout`, and more than fits into a variable.
  package func plan(
    for configuration: EnvironmentConfiguration
  ) throws(ConfigurationError) -> ApplicationPlan {
    let problems =
      description.components.flatMap { referenceProblems($0, in: configuration) }
      + portProblems(in: configuration.name) + rolloutProblems(in: configuration)
      + (configuration.handOverProblem.map { [$0] } ?? [])
    guard problems.isEmpty else { throw .invalid(Set(problems).sorted()) }
    return ApplicationPlan(
      name: description.name,
      components: description.components.map { component in
        ComponentPlan(
          component, port: component.port?.port(in: configuration.name), in: configuration)
      }, rollout: description.rollout(in: configuration.name))
  }

  private func referenceProblems(
    _ component: ComponentDescription, in configuration: EnvironmentConfiguration
  ) -> [SettingProblem] {
    let paths = configuration.leaves.map(\.path)
    let hasPort = component.takesTraffic || component.health == .http
    let own = ReplicaVariable.allCases.filter { hasPort || $0 != .port }.map(\.rawValue)
    let path = "components.\(component.name)"
    let uses =
      component.command.map { ("\(path).command", $0) }
      + component.variables.map { ("\(path).environment.\($0.name)", $0.value) }
    return uses.flatMap { path, template in
      template.references.filter { !paths.contains($0) && !own.contains($0) }.map { name in
        SettingProblem(
          at: position(path), path: path, kind: .unknownReference, found: "${\(name)}",
          complaint: "names nothing in \(configuration.name)",
          remedy: Self.remedy(for: name, own: own, paths: paths))
      }
    }
  }

  private static func remedy(for name: String, own: [String], paths: [String]) -> String {
    if name == ReplicaVariable.port.rawValue {
      return "write health: http, which gives each replica a port"
    }
    return Spelling.suggestion(for: name, among: own + paths).map { "did you mean ${\($0)}?" }
      ?? "write a field of the environment, or one of "
      + own.joined(separator: ", ")
  }

  private func portProblems(in environment: KnownEnvironment) -> [SettingProblem] {
    var owners: [Int: String] = [:]
    return description.components.compactMap { component in
      guard let ports = component.port else { return nil }
      let path = "components.\(component.name).port"
      guard let port = ports.port(in: environment) else {
        return SettingProblem(
          at: position(path), path: path, kind: .missingField, found: nil,
          complaint: "says nothing for \(environment)",
          remedy: "write \(environment): and a number from 1 to 65535")
      }
      guard let owner = owners.updateValue("\(component.name)", forKey: port) else { return nil }
      return SettingProblem(
        at: position(path), path: path, kind: .contradiction, found: "\(port)",
        complaint: "is \(owner)'s port in \(environment) too", remedy: "write another one")
    }
  }

  private func rolloutProblems(
    in configuration: EnvironmentConfiguration
  ) -> [SettingProblem] {
    let bake = description.rollout(in: configuration.name).bakeMs
    let limit = configuration.deployment.rollback.timeoutMs
    guard bake >= limit else { return [] }
    let common = "rollout.bakeSeconds"
    let own = "rollout.environments.\(configuration.name).bakeSeconds"
    let path = origins[own] == nil ? common : own
    return [
      SettingProblem(
        at: position(path), path: path,
        kind: .contradiction, found: DecimalNumber.text(of: bake, per: 1_000),
        complaint: "seconds are not less than the deployment.rollback.timeout of "
          + "\(configuration.name), \(DecimalNumber.text(of: limit, per: 60_000)) minutes",
        remedy: "write less than \(DecimalNumber.text(of: limit, per: 1_000)), "
          + "or a longer timeout")
    ]
  }

  /// Where `path` was written; the beginning of the file for what was left to its default.
  private func position(_ path: String) -> SourcePosition {
    origins[path]
      ?? SourcePosition(
        file: ConfigurationDirectory.applicationFile, line: 1, column: 1, layer: .application)
  }
}
