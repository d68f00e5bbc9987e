import Yams

/// Turns the text of one YAML file into a ``SettingNode`` with positions.
///
/// Accepted is what every YAML reader takes alike: one document of maps with text names, lists and
/// scalars. An alias is the value that it stands for, at that value's place, within a limit that
/// defuses alias bombs; tags, merge keys, several documents and repeated names are refused.
struct YAMLReader {
  /// At most this many nodes after aliases are expanded.
  static let nodeCountMax = 20_000
  /// More aliases than this are looked at before anything is parsed.
  private static let plainAliasCountMax = 16
  /// At most this many bytes in a file.
  static let byteCountMax = 1_048_576

  private let file: String
  private let layer: SourcePosition.Layer
  private var nodeCount = 0
  /// What is wrong with its form and leaves the rest readable, so that the rest is checked as well.
  private(set) var problems: [SettingProblem] = []
  /// Read in the text's place where names are repeated in it.
  private var copy: RenamedCopy?

  /// - Parameters:
  ///   - file: As it is shown in messages.
  ///   - layer: What the file is.
  init(file: String, layer: SourcePosition.Layer) {
    self.file = file
    self.layer = layer
  }

  /// - Returns: The document's map, without what ``problems`` tell of; nil for an empty file, or
  ///   one of comments only.
  /// - Throws: What keeps all of it from being read.
  mutating func read(_ bytes: [UInt8]) throws(SettingProblem) -> SettingMap? {
    guard bytes.count <= Self.byteCountMax else {
      throw problem(
        "the file has \(bytes.count) bytes", remedy: "write at most \(Self.byteCountMax)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw problem("the file is not UTF-8", remedy: "save it as UTF-8")
    }
    guard let document = try document(text) else { return nil }
    let root = try convert(document, at: "")
    guard !root.isNull else { return nil }
    guard case .map(let map) = root else {
      throw SettingProblem(
        at: root.position, path: "", kind: .wrongType, found: nil,
        complaint: "the file holds \(root.noun)", remedy: "write fields as name: value")
    }
    return map
  }

  private mutating func document(_ text: String) throws(SettingProblem) -> Node? {
    try refuseAliasedNames(in: text)
    do {
      // Without rules for tags: what a scalar is, is decided here, and the rules are expressions
      // that the parser would match against every name.
      return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch {
      if case YamlError.duplicatedKeysInMapping = error, let copy = RenamedCopy(of: text),
        !copy.repeated.isEmpty
      {
        problems += copy.repeated.map(problem)
        self.copy = copy
        return copy.root
      }
      throw YAMLFault(error).problem(in: file, layer: layer, text: text)
    }
  }

  /// Refuses names that are lists, maps or aliases, where there are many aliases, before the parser
  /// compares them: every level of aliases doubles that work. Fewer cannot be many levels, and
  /// are refused one by one, with their place. Within brackets a colon ends a name whatever follows
  /// it, and so does a question mark begin one.
  private func refuseAliasedNames(in text: String) throws(SettingProblem) {
    guard text.utf8.contains(UInt8(ascii: "*")),
      text.matches(of: /[\s\[{,?:]\*[^\s,\[\]{}]/).count > Self.plainAliasCountMax,
      text.contains(
        /[\s\[{,]\?[\s\[{*&!]|\*[\w-]+[ \t]*:|\*[^\s,\[\]{}:]+[^,\[\]{}\n]*:\s|[\]}]\s*:/)
    else { return }
    throw problem(
      "a name is a list, a map or an alias, in a file of many aliases",
      remedy: "write texts as names")
  }

  private func problem(_ name: RepeatedName) -> SettingProblem {
    SettingProblem(
      at: SourcePosition(file: file, line: name.line, column: name.column, layer: layer),
      path: name.path, kind: .form, found: nil,
      complaint: "it stands in this map already, in line \(name.firstLine)",
      remedy: "keep one of them")
  }

  /// - Parameter path: Dotted, of the value.
  private mutating func convert(
    _ node: Node, at path: String
  ) throws(SettingProblem) -> SettingNode {
    nodeCount += 1
    guard nodeCount <= Self.nodeCountMax else {
      throw problem(
        "aliases expand to more than \(Self.nodeCountMax) values",
        remedy: "write the values out", at: node.mark)
    }
    switch node {
    case .scalar(let scalar):
      refuseTag(scalar.tag, unless: .str, at: scalar.mark, path)
      return .scalar(
        SettingScalar(
          scalar.string, isQuoted: scalar.style != .plain, at: position(scalar.mark)))
    case .sequence(let sequence):
      refuseTag(sequence.tag, unless: .seq, at: sequence.mark, path)
      var items: [SettingNode] = []
      for item in sequence { items.append(try convert(item, at: path)) }
      return .list(items, at: position(sequence.mark))
    case .mapping(let mapping):
      return .map(try convert(mapping, at: path))
    case .alias(let alias):
      preconditionFailure("the parser resolves aliases, yet \(alias.anchor) is left")
    }
  }

  private mutating func convert(
    _ mapping: Node.Mapping, at path: String
  ) throws(SettingProblem) -> SettingMap {
    refuseTag(mapping.tag, unless: .map, at: mapping.mark, path)
    var entries: [SettingMap.Entry] = []
    var names: Set<String> = []
    for (key, value) in mapping {
      guard let name = name(of: key, in: path), names.insert(name).inserted else { continue }
      let node = try convert(value, at: path.isEmpty ? name : "\(path).\(name)")
      entries.append(.init(name: name, namePosition: position(key.mark), value: node))
    }
    return SettingMap(entries, at: position(mapping.mark))
  }

  /// Nil for what is no name, which is told.
  private mutating func name(of key: Node, in path: String) -> String? {
    guard let scalar = key.scalar else {
      problems.append(
        problem(
          "a name is a list or a map", remedy: "write a text as name", at: key.mark, path))
      return nil
    }
    guard scalar.string != "<<" || scalar.style != .plain else {
      problems.append(
        problem(
          "the merge key << is not read",
          remedy: "write the fields out here, or once in config/environments/base.yaml, "
            + "which is merged under every environment", at: key.mark, path))
      return nil
    }
    let name = copy?.written(scalar.string) ?? scalar.string
    let form = scalar.style == .plain ? ScalarForm(plain: name) : .text
    guard form == .text else {
      problems.append(
        problem(
          "the name \(name.isEmpty ? "" : name + " ")is \(form.noun) to YAML",
          remedy: "write it in quotes", at: key.mark, path))
      return nil
    }
    return name
  }

  private mutating func refuseTag(
    _ tag: Tag, unless usual: Tag.Name, at mark: Mark?, _ path: String
  ) {
    guard ![Tag.Name.implicit.rawValue, usual.rawValue, "!"].contains(tag.rawValue) else { return }
    problems.append(
      problem("the tag \(tag.rawValue) has no meaning here", remedy: "remove it", at: mark, path))
  }

  private func position(_ mark: Mark?) -> SourcePosition {
    SourcePosition(
      file: file, line: mark?.line ?? 1,
      column: mark.map { copy?.column(of: $0) ?? $0.column } ?? 1, layer: layer)
  }

  private func problem(
    _ complaint: String, remedy: String, at mark: Mark? = nil, _ path: String = ""
  ) -> SettingProblem {
    SettingProblem(
      at: position(mark), path: path, kind: .form, found: nil, complaint: complaint, remedy: remedy)
  }
}
