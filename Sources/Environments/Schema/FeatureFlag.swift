import CanonicalJSON

/// Something that the application asks for by name: a feature of the files, or what
/// `stele flag set` says over them.
package struct FeatureFlag: Hashable, Sendable {
  /// What the user chose: 1...200 UTF-8 bytes, any script, compared by bytes.
  package let name: String
  package let value: FlagValue
  /// Whether `stele flag set` says it: it stays until it is unset, whatever the files say.
  package let isSet: Bool

  package init(name: String, value: FlagValue, isSet: Bool) {
    self.name = name
    self.value = value
    self.isSet = isSet
  }

  /// As files write it.
  package init(name: String, isOn: Bool) {
    self.init(name: name, value: .bool(isOn), isSet: false)
  }

  package func isCalled(_ name: String) -> Bool { self.name.utf8.elementsEqual(name.utf8) }

  /// As it is recorded, and given to the application: `{"name":"new-parser","value":true}`.
  package var json: JSONObject { ["name": .string(name), "value": value.json] }
}

extension [FeatureFlag] {
  /// Reads a map of names to truth values; a `null` removes what a lower layer says.
  init(readingFeatures section: SettingSection) {
    self =
      section.names(.label, isEmptyAllowed: true).compactMap { entry in
        guard let node = section.optional(entry.name, as: .flag) else { return nil }
        if let complaint = TextRule.label.complaint(about: entry.name) {
          section.report(
            entry.name, at: entry.namePosition, .outOfRange, found: nil, "\(complaint), as a name",
            remedy: "write \(TextRule.label.wanted)")
          return nil
        }
        guard !section.refuseSecret("", entry.name, at: entry.namePosition) else { return nil }
        return section.flag(entry.name, from: node).map { FeatureFlag(name: entry.name, isOn: $0) }
      }.sortedByName
  }

  init(recorded section: RecordedSection, _ name: String) throws(RecordedConfigurationError) {
    self = []
    for flag in try section.sections(name) {
      let value = flag.object["value"].flatMap(FlagValue.init(json:))
      append(
        FeatureFlag(
          name: try flag.text("name"),
          value: try flag.value("value", "true, false, a whole number or text", value),
          isSet: flag.object["set"] == true))
    }
  }

  /// By the names' UTF-8 bytes, the one order they are recorded in.
  var sortedByName: [FeatureFlag] {
    sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// These with others over them.
  package func overridden(by flags: [FeatureFlag]) -> [FeatureFlag] {
    (filter { own in !flags.contains { $0.isCalled(own.name) } } + flags).sortedByName
  }

  package subscript(name: String) -> FeatureFlag? { first { $0.isCalled(name) } }
}
