/// One map of a configuration file while it is read: every field is asked for by name and type.
///
/// Each question answers nil after reporting a problem, and remembers the name, so that
/// ``refuseOthers()`` knows what is left over and what could have been meant.
final class SettingSection {
  let path: String
  let position: SourcePosition
  let reader: SettingReader
  private let map: SettingMap
  private var asked: [String] = []
  /// True where the section itself was wrong: its missing fields are no further news.
  private let isSilent: Bool

  init(_ map: SettingMap, path: String, reader: SettingReader, isSilent: Bool = false) {
    self.map = map
    self.path = path
    self.reader = reader
    self.isSilent = isSilent
    position = map.position
  }

  func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  /// Where the field was written, or the section if it was not.
  func position(of name: String) -> SourcePosition {
    map[name]?.value.position ?? position
  }

  // MARK: Presence

  /// The field's node, null included; nil if it is not there.
  func node(_ name: String) -> SettingNode? {
    if !asked.contains(name) { asked.append(name) }
    return map[name]?.value
  }

  /// The field's node; a problem if it is missing or null.
  ///
  /// - Parameter wanted: The end of "write …".
  func required(_ name: String, _ wanted: String) -> SettingNode? {
    guard let node = node(name) else {
      if !isSilent {
        report(name, .missingField, found: nil, "is missing", remedy: "write \(wanted)")
      }
      return nil
    }
    guard !node.isNull else {
      report(name, .missingField, found: "null", "is no value here", remedy: "write \(wanted)")
      return nil
    }
    return node
  }

  /// The field's node; nil without a problem if it is missing, or null, which removes what a lower
  /// layer says.
  func optional(_ name: String) -> SettingNode? {
    node(name).flatMap { $0.isNull ? nil : $0 }
  }

  var names: [SettingMap.Entry] { map.entries }

  /// Reports every field that nobody asked for.
  func refuseOthers() {
    for entry in map.entries where !asked.contains(entry.name) {
      let near = Spelling.suggestion(for: entry.name, among: asked)
      reader.report(
        SettingProblem(
          at: entry.namePosition, path: path(of: entry.name), kind: .unknownField, found: nil,
          complaint: "is not a field",
          remedy: near.map { "did you mean \($0)?" }
            ?? "known here: \(asked.joined(separator: ", "))"))
    }
  }

  // MARK: Sections

  func section(_ name: String, of fields: String) -> SettingSection {
    let wanted = "a map of \(fields)"
    guard let node = required(name, wanted) else { return silent(name) }
    return section(name, from: node, wanted: wanted) ?? silent(name)
  }

  func optionalSection(_ name: String, of fields: String) -> SettingSection? {
    optional(name).flatMap { section(name, from: $0, wanted: "a map of \(fields)") }
  }

  func section(_ name: String, from node: SettingNode, wanted: String) -> SettingSection? {
    guard case .map(let map) = node else {
      report(name, .wrongType, found: node.shownText, "is \(node.noun)", remedy: "write \(wanted)")
      return nil
    }
    return SettingSection(map, path: path(of: name), reader: reader)
  }

  private func silent(_ name: String) -> SettingSection {
    SettingSection(
      SettingMap([], at: position(of: name)), path: path(of: name), reader: reader, isSilent: true)
  }

  // MARK: Verdicts

  func report(
    _ name: String, _ kind: SettingProblem.Kind, found: String?, _ complaint: String,
    remedy: String
  ) {
    reader.report(
      SettingProblem(
        at: position(of: name), path: path(of: name), kind: kind, found: found,
        complaint: complaint, remedy: remedy))
  }

  func accept<Value>(_ name: String, _ value: Value) -> Value {
    reader.accept(path(of: name), at: position(of: name))
    return value
  }
}

extension SettingNode {
  var isNull: Bool {
    if case .scalar(let scalar) = self { scalar.form == .null } else { false }
  }

  /// The text of a scalar; lists and maps are not repeated in messages.
  var shownText: String? {
    if case .scalar(let scalar) = self { scalar.text } else { nil }
  }
}
