import OrderedCollections

/// One map of a configuration file while it is read: every field is asked for by name and type.
///
/// Each question answers nil after reporting a problem, and remembers the name, so that
/// ``refuseOthers()`` knows what is left over and what could have been meant.
final class SettingSection {
  let path: String
  let position: SourcePosition
  let reader: SettingReader
  private let map: SettingMap
  /// Where no file is read, and what is asked for is noted instead.
  private let shapes: ShapeBuilder?
  private var asked: OrderedSet<String> = []
  /// True where the section itself was wrong: its missing fields are no further news.
  private let isSilent: Bool

  init(_ map: SettingMap, path: String, reader: SettingReader, isSilent: Bool = false) {
    self.map = map
    self.path = path
    self.reader = reader
    self.isSilent = isSilent
    shapes = nil
    position = map.position
  }

  /// A section without a file: notes everything that is asked of it.
  init(asking shapes: ShapeBuilder, path: String) {
    self.path = path
    self.shapes = shapes
    reader = SettingReader()
    position = SourcePosition(file: "", line: 1, column: 1, layer: .environment)
    map = SettingMap([], at: position)
    isSilent = true
  }

  /// - Parameter name: Empty for the section itself.
  func path(of name: String) -> String {
    path.isEmpty || name.isEmpty ? path + name : "\(path).\(name)"
  }

  /// Where the field was written, or the section if it was not.
  func position(of name: String) -> SourcePosition {
    map[name]?.value.position ?? position
  }

  // MARK: Presence

  /// The field's node, null included; nil if it is not there.
  func node(_ name: String) -> SettingNode? {
    asked.append(name)
    return map[name]?.value
  }

  /// The field's node; a problem if it is missing or null.
  ///
  /// - Parameters:
  ///   - wanted: The end of "write …".
  ///   - shape: What it has to be.
  func required(
    _ name: String, _ wanted: String, as shape: @autoclosure () -> SettingShape
  ) -> SettingNode? {
    shapes?.note(name, shape(), isRequired: true)
    return required(name, wanted)
  }

  private func required(_ name: String, _ wanted: String) -> SettingNode? {
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
  ///
  /// - Parameter shape: What it has to be where it is there.
  func optional(_ name: String, as shape: @autoclosure () -> SettingShape) -> SettingNode? {
    shapes?.note(name, shape(), isRequired: false)
    return given(name)
  }

  /// The field's node, whatever it is; nil if it is missing or null.
  func given(_ name: String) -> SettingNode? {
    node(name).flatMap { $0.isNull ? nil : $0 }
  }

  /// Whether no file is read: what comes back means nothing.
  var isAsking: Bool { shapes != nil }

  /// Whether a field with a default is to be read: it is given, or what it takes is asked.
  func isGiven(_ name: String) -> Bool { isAsking || given(name) != nil }

  /// The field just asked for has a default.
  ///
  /// - Parameter standard: What a number is then, as recorded.
  func mayBeMissing(_ name: String, as standard: Int? = nil) {
    shapes?.noteOptional(name, standard: standard)
  }

  /// What users have named here.
  ///
  /// - Parameter rule: What a name has to be; whoever reads them checks it.
  func names(_ rule: TextRule, isEmptyAllowed: Bool) -> [SettingMap.Entry] {
    guard let shapes else { return map.entries }
    shapes.noteNames(rule.shape, isEmptyAllowed: isEmptyAllowed)
    let any = SettingNode.scalar(SettingScalar("", isQuoted: true, at: position))
    return [.init(name: ShapeBuilder.anyName, namePosition: position, value: any)]
  }

  /// Says what the reader checks between fields.
  func keeps(_ rule: SectionRule) { shapes?.note(rule) }

  /// Reports every field that nobody asked for; the one that it was probably meant to be, and what
  /// is under that one, is not reported as missing besides.
  func refuseOthers() {
    for entry in map.entries where !asked.contains(entry.name) {
      let near = Spelling.suggestion(for: entry.name, among: asked.elements)
      if let near { reader.foundMisspelled(path(of: near)) }
      reader.report(
        SettingProblem(
          at: entry.namePosition, path: path(of: entry.name), kind: .unknownField, found: nil,
          complaint: "is not a field",
          remedy: near.map { "did you mean \($0)?" }
            ?? "known here: \(asked.joined(separator: ", "))"))
    }
  }

  /// Whether a field that nobody asked for was probably meant to be this one.
  func isMisspelled(_ name: String) -> Bool {
    map.entries.contains { entry in
      !asked.contains(entry.name)
        && Spelling.suggestion(for: entry.name, among: asked.elements) == name
    }
  }

  // MARK: Sections

  func section(_ name: String, of fields: String) -> SettingSection {
    if let asking = asking(name, isRequired: true) { return asking }
    let wanted = "a map of \(fields)"
    guard let node = required(name, wanted) else { return silent(name) }
    return section(name, from: node, wanted: wanted) ?? silent(name)
  }

  func optionalSection(_ name: String, of fields: String) -> SettingSection? {
    asking(name, isRequired: false)
      ?? given(name).flatMap { section(name, from: $0, wanted: "a map of \(fields)") }
  }

  /// The field as a section where it is a map; it may be something else.
  func sectionIfMap(_ name: String) -> SettingSection? {
    if let asking = asking(name, isRequired: false) { return asking }
    guard case .map(let map) = given(name) else { return nil }
    return SettingSection(map, path: path(of: name), reader: reader)
  }

  private func asking(_ name: String, isRequired: Bool) -> SettingSection? {
    shapes.map {
      SettingSection(asking: $0.section(name, isRequired: isRequired), path: path(of: name))
    }
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

  /// ``shownText`` with the quotes that make it a text.
  var writtenText: String? {
    guard case .scalar(let scalar) = self else { return nil }
    return scalar.isQuoted ? "\"\(scalar.text)\"" : scalar.text
  }

  /// The text of a scalar; lists and maps are not repeated in messages.
  var shownText: String? {
    if case .scalar(let scalar) = self { scalar.text } else { nil }
  }
}
