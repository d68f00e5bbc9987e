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
  package let origin: SecretOrigin
  package let form: Form
  /// Of the release; nil for whatever is the newest when a replica starts, and for a reference.
  package let version: Int?

  package init(_ variable: String, _ origin: SecretOrigin, _ form: Form, version: Int? = nil) {
    self.variable = variable
    self.origin = origin
    self.form = form
    self.version = version
  }
}

extension SecretUse {
  init(
    recorded section: RecordedSection, _ form: Form
  ) throws(RecordedConfigurationError) {
    let origin = SecretOrigin(dataText: try section.text("from"))
    self.init(
      try section.text("name"), try section.value("from", SecretOrigin.expected, origin), form,
      version: try section.optionalWhole("version"))
  }

  var recorded: JSONObject {
    var object: JSONObject = ["from": .string(origin.dataText), "name": .string(variable)]
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
    let rule = TextRule.secretOrigin
    guard let node = optional(entry.name, as: .text(rule.shape)) else { return nil }
    if let complaint = TextRule.variableName.complaint(about: entry.name) {
      report(
        entry.name, .outOfRange, found: nil, "\(complaint), as a name",
        remedy: "write \(TextRule.variableName.wanted)")
      return nil
    }
    guard let text = plainText(entry.name, from: node, wanted: rule.wanted) else { return nil }
    guard let origin = SecretOrigin(dataText: text), !Secrecy.isSecret(value: text) else {
      // It may be the value itself: nothing of it is shown.
      report(
        entry.name, .secretInClear, found: Secrecy.mask, "is no name of a secret and no reference",
        remedy: "write the name that `stele secret list` has, and the value into "
          + "`stele secret set`; or write where it is, such as vault:MOUNT/PATH#FIELD")
      return nil
    }
    guard origin.reference?.isOfStele != true else {
      report(
        entry.name, .outOfRange, found: text, "is this program's own, and no process is given it",
        remedy: "name a variable that does not begin with STELE_")
      return nil
    }
    return accept(entry.name, SecretUse(entry.name, origin, form))
  }
}

extension ResolvedConfiguration {
  /// Every use of a secret.
  package var secretUses: [SecretUse] { application.components.flatMap(\.secrets) }

  /// Secrets of ours that its components are given, each once, with the release's version.
  package var storedSecrets: [(name: SecretName, version: Int?)] {
    var seen: Set<SecretName> = []
    return secretUses.compactMap { use in use.origin.name.map { ($0, use.version) } }
      .filter { seen.insert($0.0).inserted }.sorted { $0.0 < $1.0 }
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
            secrets: component.secrets.map { use in
              let version = use.origin.name.flatMap { versions[$0] }
              return SecretUse(use.variable, use.origin, use.form, version: version)
            })
        }, rollout: application.rollout))
  }
}
