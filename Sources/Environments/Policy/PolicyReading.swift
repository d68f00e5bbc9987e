extension Policy {
  /// Reads `policy.yaml`, reporting every problem to the section's reader.
  init?(reading section: SettingSection) {
    let everywhere = section.optionalSection("everywhere", of: PolicyPart.fieldNames)
      .map { PolicyPart(reading: $0, of: nil) }
    var rules: [KnownEnvironment: [PolicyRule]] = [:]
    var capacities: [KnownEnvironment: Amounts] = [:]
    var promotions: [KnownEnvironment: PromotionRule] = [:]
    var budgets: [KnownEnvironment: Budget] = [:]
    var controls: [KnownEnvironment: ChangeControl] = [:]
    for environment in KnownEnvironment.allCases {
      let own = section.optionalSection(environment.rawValue, of: PolicyPart.fieldNames)
        .map { PolicyPart(reading: $0, of: environment) }
      let parts = [everywhere, own].compactMap(\.self)
      let presets = PolicyPreset.allCases.filter { preset in
        parts.contains { $0.presets.contains(preset) }
      }
      rules[environment] = presets.flatMap(\.rules) + parts.flatMap(\.rules)
      capacities[environment] = own?.capacity ?? everywhere?.capacity
      promotions[environment] = own?.promotion ?? everywhere?.promotion
      budgets[environment] = own?.budget ?? everywhere?.budget
      controls[environment] = ChangeControl(parts.map(\.control))
    }
    section.refuseOthers()
    self.init(
      rules: rules, capacities: capacities, promotions: promotions, budgets: budgets,
      controls: controls)
  }
}

/// What is written for one environment, or for all.
private struct PolicyPart {
  static let fieldNames =
    "presets, capacity, promotion, budget, \(ChangeControl.fieldNames) and rules"

  let presets: [PolicyPreset]
  let capacity: Amounts?
  let promotion: PromotionRule?
  let budget: Budget?
  let control: ChangeControl
  let rules: [PolicyRule]

  /// - Parameter environment: Nil for all.
  init(reading section: SettingSection, of environment: KnownEnvironment?) {
    let name = environment?.rawValue ?? "everywhere"
    presets = section.optionalChoices("presets", of: PolicyPreset.self) ?? []
    capacity = section.optionalSection("capacity", of: "cpu, memory and storage")
      .flatMap(Amounts.init(reading:))
    promotion = section.optionalChoice("promotion", of: PromotionRule.self)
    if let environment, environment.previous == nil {
      section.keeps(.excludes(["promotion": .text(PromotionRule.required.rawValue)]))
      if promotion == .required {
        section.report(
          "promotion", .contradiction, found: "required",
          "asks for the environment before \(environment), and there is none",
          remedy: "write proven or any")
      }
    }
    budget = section.optionalSection("budget", of: Budget.fieldNames)
      .flatMap(Budget.init(reading:))
    control = ChangeControl(reading: section, named: name)
    let rules = section.optionalSection("rules", of: "rules by name")
    self.rules =
      rules.map { rules in
        rules.names(.dnsLabel, isEmptyAllowed: true).compactMap { rules.rule($0, of: name) }
      } ?? []
    section.refuseOthers()
  }
}

extension Amounts {
  fileprivate init?(reading section: SettingSection) {
    let cpu = section.cpu("cpu")
    let memory = section.bytes("memory")
    let storage = section.bytes("storage")
    section.refuseOthers()
    guard let cpu, let memory, let storage else { return nil }
    self.init(milliCPU: cpu.milliCPU, memoryBytes: memory.bytes, storageBytes: storage.bytes)
  }
}

extension SettingSection {
  /// Reports what is no name for something in a policy.
  func checkName(_ entry: SettingMap.Entry) {
    if let complaint = TextRule.dnsLabel.complaint(about: entry.name) {
      report(
        entry.name, at: entry.namePosition, .outOfRange, found: nil, "\(complaint), as a name",
        remedy: "write \(TextRule.dnsLabel.wanted)")
    }
  }

  fileprivate func rule(_ entry: SettingMap.Entry, of part: String) -> PolicyRule? {
    checkName(entry)
    return section(entry.name, of: "field and a condition").rule(id: "\(part)/\(entry.name)")
  }

  private func rule(id: String) -> PolicyRule? {
    let shape = ruledField()
    let conditions = conditions()
    let because = optionalText("because", .sentence)
    refuseOthers()
    guard hasOneCondition(), let (field, shape) = shape, let condition = conditions.first else {
      return nil
    }
    if let complaint = condition.complaint(about: shape) {
      report(
        condition.name, .contradiction, found: nil, complaint,
        remedy: "see what \(field) takes with `stele config schema`")
      return nil
    }
    return PolicyRule(id: id, field: field, condition: condition, because: because)
  }

  /// The field that a rule is about, by its path.
  private func ruledField() -> (String, SettingShape)? {
    guard let field = text("field", .identifier) else { return nil }
    let shape = SettingShape.environment[field.split(separator: ".")]
    switch shape {
    case .section?, .names?, nil:
      let near = Spelling.suggestion(for: field, among: SettingShape.environment.leaves)
      report(
        "field", .unknownReference, found: field, "is no field of an environment",
        remedy: near.map { "did you mean \($0)?" }
          ?? "write one such as security.encryption.atRest")
      return nil
    case .text?, .flag?, .choice?, .number?, .cpu?, .bytes?, .endpoint?, .scalar?, .list?, .either?:
      return shape.map { (field, $0) }
    }
  }

  /// Those that are written and right in themselves.
  private func conditions() -> [PolicyCondition] {
    [
      scalar("is").map(PolicyCondition.is), scalar("atLeast").map(PolicyCondition.atLeast),
      scalar("atMost").map(PolicyCondition.atMost),
      optionalTexts("oneOf", .label).map(PolicyCondition.oneOf),
      optionalTexts("includes", .label).map(PolicyCondition.includes),
      optionalTexts("within", .label).map(PolicyCondition.within),
    ].compactMap(\.self)
  }

  /// Whether one is written, right or wrong; a problem where there are several, or none and no
  /// misspelled one.
  private func hasOneCondition() -> Bool {
    let names = ["is", "atLeast", "atMost", "oneOf", "includes", "within"]
    let given = names.filter { self.given($0) != nil }
    guard given.count != 1 else { return true }
    guard !given.isEmpty || !names.contains(where: isMisspelled) else { return false }
    report(
      "", at: position, given.isEmpty ? .missingField : .contradiction, found: nil,
      given.isEmpty
        ? "asks nothing of the field" : "asks for \(given.joined(separator: " and "))",
      remedy: "write one of is, oneOf, atLeast, atMost, includes, within")
    return false
  }

  /// One value as written, whatever it looks like.
  private func scalar(_ name: String) -> String? {
    guard let node = optional(name, as: .scalar) else { return nil }
    guard case .scalar(let scalar) = node, !refuseSecret(name, scalar.text, at: scalar.position)
    else {
      if node.shownText == nil {
        report(name, .wrongType, found: nil, "is \(node.noun)", remedy: "write one value")
      }
      return nil
    }
    return accept(name, scalar.text)
  }

  /// Distinct words of those that `Choice` has.
  fileprivate func optionalChoices<Choice>(_ name: String, of _: Choice.Type) -> [Choice]?
  where Choice: CaseIterable & RawRepresentable<String> {
    guard let texts = optionalTexts(name, .label) else { return nil }
    let words = Choice.allCases.map(\.rawValue)
    for (index, text) in texts.enumerated() where !words.contains(text) {
      let near = Spelling.suggestion(for: text, among: words)
      report(
        "\(name)[\(index)]", at: position(of: name), .outOfRange, found: text, "is not known here",
        remedy: near.map { "did you mean \($0)?" }
          ?? "write one of \(words.joined(separator: ", "))")
    }
    return texts.compactMap(Choice.init(rawValue:))
  }
}

/// A valid policy and where its rules were written.
package struct LoadedPolicy: Hashable, Sendable {
  package let policy: Policy
  /// By dotted path: `production.capacity`.
  package let origins: [String: SourcePosition]

  static let none = LoadedPolicy(policy: .none, origins: [:])

  /// Where an environment's capacity is written; nil where it is not.
  package func capacityPosition(of environment: KnownEnvironment) -> SourcePosition? {
    origins["\(environment).capacity.cpu"] ?? origins["everywhere.capacity.cpu"]
  }
}

extension ConfigurationDirectory {
  package static let policyFile = "config/policy.yaml"

  package var hasPolicy: Bool { exists(Self.policyFile) }

  /// Reads `config/policy.yaml`; a project without one has no rules.
  ///
  /// - Throws: ``ConfigurationError`` with all problems at once.
  package func loadPolicy() throws(ConfigurationError) -> LoadedPolicy {
    guard hasPolicy else { return .none }
    return try LoadedPolicy.checked(read(Self.policyFile), of: Self.policyFile)
  }
}

extension LoadedPolicy {
  /// The same from text, without a file system.
  static func checked(
    _ bytes: [UInt8], of file: String
  ) throws(ConfigurationError) -> LoadedPolicy {
    var sources = SettingSources()
    let map = sources.parse(bytes, of: file, layer: .policy, mayBeEmpty: false)
    guard let map else { throw .invalid(sources.problems.sorted()) }
    let reader = SettingReader()
    let policy = Policy(reading: reader.root(map))
    let problems = sources.problems + reader.problems
    guard problems.isEmpty, let policy else {
      throw .invalid(Set(problems).sorted())
    }
    return LoadedPolicy(policy: policy, origins: reader.origins)
  }
}
