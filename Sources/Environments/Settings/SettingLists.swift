/// Fields whose value is a list of texts.
extension SettingSection {
  /// Distinct texts in the order written.
  func texts(_ name: String, _ rule: TextRule, isEmptyAllowed: Bool) -> [String]? {
    required(name, Self.wanted(rule), as: Self.list(rule, isEmptyAllowed: isEmptyAllowed))
      .flatMap { texts(name, from: $0, rule, isEmptyAllowed: isEmptyAllowed) }
  }

  func optionalTexts(_ name: String, _ rule: TextRule) -> [String]? {
    optional(name, as: Self.list(rule, isEmptyAllowed: false)).flatMap {
      texts(name, from: $0, rule, isEmptyAllowed: false)
    }
  }

  private static func list(_ rule: TextRule, isEmptyAllowed: Bool) -> SettingShape {
    .list(.text(rule.shape), isEmptyAllowed: isEmptyAllowed, isUnique: true)
  }

  private func texts(
    _ name: String, from node: SettingNode, _ rule: TextRule, isEmptyAllowed: Bool
  ) -> [String]? {
    guard let items = items(name, from: node, rule), !items.contains(nil) else { return nil }
    let texts = items.compactMap(\.self)
    if texts.isEmpty, !isEmptyAllowed {
      report(name, .outOfRange, found: "[]", "is empty", remedy: "write \(Self.wanted(rule))")
      return nil
    }
    var seen: Set<[UInt8]> = []
    for (index, text) in texts.enumerated() where !seen.insert(Array(text.utf8)).inserted {
      report(
        "\(name)[\(index)]", at: node.items[index].position, .contradiction, found: text,
        "is in the list twice", remedy: "remove one of them")
    }
    return seen.count == texts.count ? accept(name, texts) : nil
  }

  /// Each item checked by itself, nil for one that was refused; nil if this is no list at all.
  func items(_ name: String, from node: SettingNode, _ rule: TextRule) -> [String?]? {
    guard case .list(let nodes, _) = node else {
      report(
        name, .wrongType, found: node.shownText, "is \(node.noun)",
        remedy: "write \(Self.wanted(rule)): [one, two]")
      return nil
    }
    return nodes.enumerated().map { index, item in
      self.item("\(name)[\(index)]", item, rule)
    }
  }

  private func item(_ name: String, _ node: SettingNode, _ rule: TextRule) -> String? {
    guard case .scalar(let scalar) = node, scalar.form == .text else {
      report(
        name, at: node.position, .wrongType, found: node.shownText, "is \(node.noun) to YAML",
        remedy: "write \(rule.wanted), in quotes if need be")
      return nil
    }
    guard let complaint = rule.complaint(about: scalar.text) else {
      return refuseSecret(name, scalar.text, at: node.position) ? nil : scalar.text
    }
    report(
      name, at: node.position, .outOfRange, found: scalar.text, complaint,
      remedy: "write \(rule.wanted)")
    return nil
  }

  func report(
    _ name: String, at position: SourcePosition, _ kind: SettingProblem.Kind, found: String?,
    _ complaint: String, remedy: String
  ) {
    reader.report(
      SettingProblem(
        at: position, path: path(of: name), kind: kind, found: found, complaint: complaint,
        remedy: remedy))
  }

  private static func wanted(_ rule: TextRule) -> String { "a list, each \(rule.wanted)" }
}

extension SettingNode {
  var items: [SettingNode] {
    if case .list(let nodes, _) = self { nodes } else { [] }
  }
}
