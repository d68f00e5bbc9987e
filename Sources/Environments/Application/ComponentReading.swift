import Events

extension ComponentDescription {
  static let fieldNames =
    "command, health, replicas and, if needed, artifact, port, environment, "
    + "secrets, secretFiles"

  /// - Parameter name: Nil if it was refused; the fields are read all the same.
  init?(reading section: SettingSection, named name: ComponentName?) {
    artifact = section.optionalText("artifact", .projectPath)
    let command = section.command()
    let health = section.choice("health", of: HealthCheck.self)
    let takesTraffic = section.flag("takesTraffic")
    let replicas = section.choice("replicas", of: ReplicaSource.self)
    port = section.trafficPort()
    variables = section.variables()
    secrets = section.secretUses(besides: variables)
    section.refuseOthers()
    section.checkTraffic(takesTraffic: takesTraffic, health: health)
    guard let name, let command, let health, let replicas else { return nil }
    self.name = name
    self.command = command
    self.health = health
    self.replicas = replicas
  }
}

extension SettingSection {
  /// Traffic needs a port to come in at and an answer over HTTP to know that it is welcome.
  fileprivate func checkTraffic(
    takesTraffic: Bool?, health: ComponentDescription.HealthCheck?
  ) {
    keeps(.decides("takesTraffic", .flag(true), "port", isThere: true))
    keeps(.decides("takesTraffic", .flag(false), "port", isThere: false))
    keeps(.excludes(["takesTraffic": .flag(true), "health": .text("process")]))
    let hasPort = given("port") != nil
    if takesTraffic == true, !hasPort, !isMisspelled("port") {
      report(
        "takesTraffic", .contradiction, found: "true", "needs a port for traffic to come in at",
        remedy: "write port, or takesTraffic: false")
    }
    if takesTraffic == false, hasPort {
      report(
        "port", .contradiction, found: nil, "is where traffic comes in, and takesTraffic is false",
        remedy: "remove it, or write takesTraffic: true; a replica's own port is in ${PORT}")
    }
    if takesTraffic == true, health == .process {
      report(
        "health", .contradiction, found: "process", "does not say whether traffic is answered",
        remedy: "write http")
    }
  }

  fileprivate func command() -> [Template]? {
    let wanted = "a list of the program and its arguments"
    let shape = SettingShape.list(
      .text(TextRule.argument.shape), isEmptyAllowed: false, isUnique: false)
    guard let node = required("command", wanted, as: shape),
      let texts = items("command", from: node, .argument)
    else { return nil }
    guard !texts.isEmpty else {
      report("command", .outOfRange, found: "[]", "is empty", remedy: "write \(wanted)")
      return nil
    }
    for index in Secrecy.secretArguments(texts.map { $0 ?? "" }) {
      reportSecret("command[\(index)]", at: node.items[index].position)
    }
    let templates = zip(texts, node.items).enumerated().map { index, item in
      item.0.flatMap { template("command[\(index)]", $0, at: item.1.position) }
    }
    return templates.contains(nil) ? nil : accept("command", templates.compactMap(\.self))
  }

  fileprivate func trafficPort() -> ComponentDescription.TrafficPort? {
    guard isGiven("port") else { return nil }
    defer { mayBeMissing("port") }
    let each = sectionIfMap("port")?.eachPort()
    if let each, !isAsking { return .each(each) }
    return whole("port", in: 1...65_535).map { .everywhere($0) }
  }

  private func eachPort() -> [KnownEnvironment: Int] {
    var each: [KnownEnvironment: Int] = [:]
    for environment in KnownEnvironment.allCases where isGiven(environment.rawValue) {
      each[environment] = whole(environment.rawValue, in: 1...65_535)
      mayBeMissing(environment.rawValue)
    }
    refuseOthers()
    return each
  }

  fileprivate func variables() -> [ComponentDescription.Variable] {
    guard let section = optionalSection("environment", of: "variables and their values") else {
      return []
    }
    return section.names(.variableName, isEmptyAllowed: true)
      .compactMap { section.variable($0) }.sorted { $0.name < $1.name }
  }

  private func variable(_ entry: SettingMap.Entry) -> ComponentDescription.Variable? {
    guard let node = optional(entry.name, as: .text(TextRule.anyText.shape)) else { return nil }
    if let complaint = TextRule.variableName.complaint(about: entry.name) {
      report(
        entry.name, at: entry.namePosition, .outOfRange, found: nil, "\(complaint), as a name",
        remedy: "write \(TextRule.variableName.wanted)")
      return nil
    }
    guard let text = plainText(entry.name, from: node, wanted: "text"),
      let value = template(entry.name, text, at: node.position)
    else { return nil }
    guard !isSecret(entry.name, text, value) else { return nil }
    return accept(entry.name, .init(name: entry.name, value: value))
  }

  /// What is written here is recorded in the ledger for ever, so no secret may be.
  private func isSecret(_ name: String, _ text: String, _ value: Template) -> Bool {
    let isElsewhere = !value.references.isEmpty || SecretReference(text) != nil
    let isSecretName = Secrecy.isSecret(name: name) && !text.isEmpty && !isElsewhere
    guard isSecretName || Secrecy.isSecret(value: text, at: name) || Secrecy.isSecret(value: name)
    else { return false }
    reportSecret(name, at: position(of: name))
    return true
  }

  private func template(
    _ name: String, _ text: String, at position: SourcePosition
  ) -> Template? {
    do throws(TemplateError) {
      return try Template(parsing: text)
    } catch {
      report(
        name, at: position, .unknownReference, found: text,
        error == .empty ? "has a reference without a name" : "has a ${ without its }",
        remedy: "write ${NAME}, or $${ for the characters themselves")
      return nil
    }
  }
}
