import CanonicalJSON
import Events

/// A secret that a component's processes get, by name and never by value.
package struct SecretUse: Hashable, Sendable {
  /// How the process gets it.
  package enum Form: String, Hashable, Sendable, CaseIterable {
    /// The variable is the value.
    case variable
    /// The variable is the path of a file with the value, in memory and for the process's user
    /// alone.
    case file
  }

  /// The variable's name.
  package let variable: String
  package let secret: SecretName
  package let form: Form
  /// Of the release; nil for whatever is the newest when a replica starts.
  package let version: Int?

  package init(_ variable: String, _ secret: SecretName, _ form: Form, version: Int? = nil) {
    self.variable = variable
    self.secret = secret
    self.form = form
    self.version = version
  }
}

extension SecretUse {
  init(
    recorded section: RecordedSection, _ form: Form
  ) throws(RecordedConfigurationError) {
    self.init(
      try section.text("name"), try section.name("from"), form,
      version: try section.optionalWhole("version"))
  }

  var recorded: JSONObject {
    var object: JSONObject = ["from": .string(secret.rawValue), "name": .string(variable)]
    object["version"] = version.map { .integer(Int64($0)) }
    return object
  }
}

extension SecretUse.Form {
  /// The field of `application.yaml`, and of what is recorded.
  var field: String {
    switch self {
    case .variable: "secrets"
    case .file: "secretFiles"
    }
  }
}

extension SettingSection {
  /// What `secrets:` and `secretFiles:` say, ascending by variable; each variable once, and none
  /// that `environment:` sets.
  func secretUses(besides variables: [ComponentDescription.Variable]) -> [SecretUse] {
    var known = Set(variables.map(\.name))
    return SecretUse.Form.allCases.flatMap { form -> [SecretUse] in
      guard let section = optionalSection(form.field, of: "variables and names of secrets") else {
        return []
      }
      return section.names(.variableName, isEmptyAllowed: true).compactMap { entry in
        guard let use = section.secretUse(entry, form) else { return nil }
        guard known.insert(entry.name).inserted else {
          section.report(
            entry.name, .contradiction, found: nil, "is a variable that is set already",
            remedy: "name each variable once, in environment, secrets or secretFiles")
          return nil
        }
        return use
      }
    }.sorted { $0.variable < $1.variable }
  }

  private func secretUse(_ entry: SettingMap.Entry, _ form: SecretUse.Form) -> SecretUse? {
    let rule = TextRule.applicationName
    guard let node = optional(entry.name, as: .text(rule.shape)) else { return nil }
    if let complaint = TextRule.variableName.complaint(about: entry.name) {
      report(
        entry.name, .outOfRange, found: nil, "\(complaint), as a name",
        remedy: "write \(TextRule.variableName.wanted)")
      return nil
    }
    guard let text = plainText(entry.name, from: node, wanted: rule.wanted) else { return nil }
    guard let secret = SecretName(rawValue: text) else {
      // It may be the value itself: nothing of it is shown.
      report(
        entry.name, .secretInClear, found: Secrecy.mask, "is no name of a secret",
        remedy: "write the name that `stele secret list` has, and the value into "
          + "`stele secret set`")
      return nil
    }
    return accept(entry.name, SecretUse(entry.name, secret, form))
  }
}

extension ResolvedConfiguration {
  /// Secrets that its components are given, each once, ascending by name.
  package var secretUses: [SecretUse] {
    var seen: Set<SecretName> = []
    return application.components.flatMap(\.secrets).filter { seen.insert($0.secret).inserted }
      .sorted { $0.secret < $1.secret }
  }

  /// This with the versions that a release of it is given; a secret that is not among them keeps
  /// none.
  package func giving(_ versions: [SecretName: Int]) -> ResolvedConfiguration {
    ResolvedConfiguration(
      environment: environment,
      application: ApplicationPlan(
        name: application.name,
        components: application.components.map { component in
          component.replacing(
            secrets: component.secrets.map {
              SecretUse($0.variable, $0.secret, $0.form, version: versions[$0.secret])
            })
        }, rollout: application.rollout))
  }
}
