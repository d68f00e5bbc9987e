/// Fields whose value is text, a truth value, or one of a few words.
extension SettingSection {
  func text(_ name: String, _ rule: TextRule) -> String? {
    required(name, rule.wanted, as: .text(rule.shape)).flatMap { text(name, from: $0, rule) }
  }

  func optionalText(_ name: String, _ rule: TextRule) -> String? {
    optional(name, as: .text(rule.shape)).flatMap { text(name, from: $0, rule) }
  }

  private func text(_ name: String, from node: SettingNode, _ rule: TextRule) -> String? {
    plainText(name, from: node, wanted: rule.wanted).flatMap { text in
      if let complaint = rule.complaint(about: text) {
        report(name, .outOfRange, found: text, complaint, remedy: "write \(rule.wanted)")
        return nil
      }
      return refuseSecret(name, text, at: node.position) ? nil : accept(name, text)
    }
  }

  /// Reports a text that gives itself away as a secret.
  ///
  /// - Returns: Whether it does.
  func refuseSecret(_ name: String, _ text: String, at position: SourcePosition) -> Bool {
    guard Secrecy.isSecret(value: text, at: name) else { return false }
    reportSecret(name, at: position)
    return true
  }

  /// Reports a secret without the value, which may not look like one by itself.
  func reportSecret(_ name: String, at position: SourcePosition) {
    report(
      name, at: position, .secretInClear, found: Secrecy.mask,
      "looks like a secret, and what is written here is recorded for ever",
      remedy: "let the process read it from elsewhere, and write only the place here")
  }

  /// A scalar that every YAML reader takes for text.
  func plainText(_ name: String, from node: SettingNode, wanted: String) -> String? {
    guard case .scalar(let scalar) = node else {
      report(name, .wrongType, found: nil, "is \(node.noun)", remedy: "write \(wanted)")
      return nil
    }
    guard scalar.form == .text else {
      report(
        name, .wrongType, found: scalar.text, "is \(scalar.form.noun) to YAML",
        remedy: scalar.form == .null
          ? "write \(wanted)"
          : "write \"\(Secrecy.shown(scalar.text, at: path(of: name)))\" in quotes")
      return nil
    }
    return scalar.text
  }

  func flag(_ name: String) -> Bool? {
    required(name, "true or false", as: .flag).flatMap { flag(name, from: $0) }
  }

  func flag(_ name: String, from node: SettingNode) -> Bool? {
    if case .scalar(let scalar) = node, scalar.form == .flag {
      return accept(name, scalar.text == "true")
    }
    report(
      name, .wrongType, found: node.writtenText, "is not true or false",
      remedy: "write true or false, without quotes")
    return nil
  }

  /// One of the words that `Choice` has, spelled exactly.
  func choice<Choice>(_ name: String, of _: Choice.Type) -> Choice?
  where Choice: CaseIterable & RawRepresentable<String> {
    let words = Choice.allCases.map(\.rawValue)
    return required(name, Self.wanted(of: words), as: .choice(words))
      .flatMap { choice(name, from: $0, of: words) }
  }

  func optionalChoice<Choice>(_ name: String, of _: Choice.Type) -> Choice?
  where Choice: CaseIterable & RawRepresentable<String> {
    let words = Choice.allCases.map(\.rawValue)
    return optional(name, as: .choice(words)).flatMap { choice(name, from: $0, of: words) }
  }

  private static func wanted(of words: [String]) -> String {
    "one of \(words.joined(separator: ", "))"
  }

  private func choice<Choice: RawRepresentable<String>>(
    _ name: String, from node: SettingNode, of words: [String]
  ) -> Choice? {
    if case .scalar(let scalar) = node, let choice = Choice(rawValue: scalar.text) {
      return accept(name, choice)
    }
    let near = node.shownText.flatMap { Spelling.suggestion(for: $0, among: words) }
    let wanted = Self.wanted(of: words)
    report(
      name, node.shownText == nil ? .wrongType : .outOfRange, found: node.shownText,
      node.shownText == nil ? "is \(node.noun)" : "is not known here",
      remedy: near.map { "did you mean \($0)? Write \(wanted)" } ?? "write \(wanted)")
    return nil
  }

  /// An absolute URL; `""` only where `isEmptyAllowed`, and then it means there is none.
  func endpoint(_ name: String, schemes: [String], isEmptyAllowed: Bool) -> String? {
    let shape = SettingShape.endpoint(schemes: schemes)
    guard let node = required(name, EndpointRule.wanted, as: shape),
      let text = plainText(name, from: node, wanted: EndpointRule.wanted)
    else { return nil }
    if text.isEmpty, isEmptyAllowed { return accept(name, text) }
    guard let complaint = EndpointRule.complaint(about: text, schemes: schemes) else {
      return refuseSecret(name, text, at: node.position) ? nil : accept(name, text)
    }
    report(
      name, complaint == "holds credentials" ? .secretInClear : .outOfRange, found: text, complaint,
      remedy: "write \(EndpointRule.wanted)")
    return nil
  }
}
