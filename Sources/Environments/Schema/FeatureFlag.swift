/// A switch that the application asks for by name.
package struct FeatureFlag: Hashable, Sendable {
  /// What the user chose: 1...200 UTF-8 bytes, any script, compared by bytes.
  package let name: String
  package let isOn: Bool

  package init(name: String, isOn: Bool) {
    self.name = name
    self.isOn = isOn
  }
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
      append(FeatureFlag(name: try flag.text("name"), isOn: try flag.flag("value")))
    }
  }

  /// By the names' UTF-8 bytes, the one order they are recorded in.
  var sortedByName: [FeatureFlag] {
    sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
