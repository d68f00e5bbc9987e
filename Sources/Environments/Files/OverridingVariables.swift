/// Variables of a process that override single settings, as the story's "environment variable
/// integration" asks: `STELE__RESOURCES__WORKERS__MAXREPLICAS=16`.
///
/// After the prefix stand the names of the path, in any case, with two underscores between them; an
/// item of a list is named by its number from 0. A feature is one that the files name, where `_`
/// stands for `-` too. Whatever names nothing is a problem: a variable that was meant to change
/// something and silently did not is worse than none.
struct OverridingVariables {
  static let prefix = "STELE__"

  private let variables: [(name: String, value: String)]

  /// - Parameter variables: Of a process; those without the prefix are passed over.
  init(_ variables: [String: String]) {
    self.variables = variables.filter { $0.key.uppercased().hasPrefix(Self.prefix) }
      .map { (name: $0.key, value: $0.value) }
      .sorted { Self.isBefore($0.name, $1.name) }
  }

  /// Items of a list by number, so that one is appended after the one before it.
  private static func isBefore(_ left: String, _ right: String) -> Bool {
    let pair = zip(parts(of: left), parts(of: right)).first { $0 != $1 }
    guard let (one, other) = pair else { return left < right }
    if let first = Int(one), let second = Int(other) { return first < second }
    return one < other
  }

  private static func parts(of name: String) -> [String] {
    name.dropFirst(prefix.count).uppercased()
      .split(separator: "__", omittingEmptySubsequences: false).map(String.init)
  }

  /// What the files say with what the variables say over it.
  ///
  /// - Parameter problems: Gets one for every variable that overrides nothing.
  func merged(over map: SettingMap, problems: inout [SettingProblem]) -> SettingMap {
    var node = SettingNode.map(map)
    var taken: [[String]: String] = [:]
    for (name, value) in variables {
      do throws(SettingProblem) {
        let target = try OverrideTarget(
          Self.parts(of: name), in: node, at: Self.position(of: name))
        if let other = taken.updateValue(name, forKey: target.path) {
          throw target.problem(
            .contradiction, "is set by \(other) as well", remedy: "unset one of them")
        }
        node = node.setting(target.scalar(value), at: target.path[...])
      } catch {
        problems.append(error)
      }
    }
    guard case .map(let merged) = node else { return map }
    return merged
  }

  private static func position(of name: String) -> SourcePosition {
    SourcePosition(file: name, line: 1, column: 1, layer: .variable)
  }
}

/// The setting that a variable's name means.
private struct OverrideTarget {
  /// In the files' own spelling; items of lists by number.
  private(set) var path: [String] = []
  private var shape = SettingShape.environment
  private let position: SourcePosition

  init(
    _ parts: [String], in root: SettingNode, at position: SourcePosition
  ) throws(SettingProblem) {
    self.position = position
    var node: SettingNode? = root
    for part in parts {
      let step = try step(part, below: node)
      path.append(step.name)
      shape = step.shape
      node = step.node
    }
    guard shape.isLeaf else {
      throw problem(
        .wrongType, "is no single value",
        remedy: "name what is in it: \(position.file)__\(shape.exampleName)")
    }
  }

  /// As the field's reader wants it: text is text whatever it looks like.
  func scalar(_ value: String) -> SettingNode {
    .scalar(SettingScalar(value, isQuoted: shape.isText, at: position))
  }

  private typealias Step = (name: String, shape: SettingShape, node: SettingNode?)

  private func step(
    _ part: String, below node: SettingNode?
  ) throws(SettingProblem) -> Step {
    switch shape {
    case .section(let fields, _):
      guard let field = fields.first(where: { $0.name.uppercased() == part }) else {
        throw unknown(part, among: fields.map(\.name))
      }
      return (field.name, field.shape, node?.value(of: field.name))
    case .names(_, let shape, _):
      let known = node?.names ?? []
      let meant = known.filter { $0.variableSpelling == part.variableSpelling }
      guard let name = meant.first, meant.count == 1 else { throw unknown(part, among: known) }
      return (name, shape, node?.value(of: name))
    case .list(let shape, _, _):
      let count = node?.items.count ?? 0
      guard let index = Int(part), (0...count).contains(index) else {
        throw problem(
          .outOfRange, "\(part) is no item of a list of \(count)",
          remedy: "write a number from 0 to \(count)")
      }
      return ("\(index)", shape, index < count ? node?.items[index] : nil)
    case .text, .flag, .choice, .number, .cpu, .bytes, .endpoint, .scalar, .either:
      throw problem(.unknownField, "has nothing in it", remedy: "remove __\(part)")
    }
  }

  private func unknown(_ part: String, among names: [String]) -> SettingProblem {
    let near = Spelling.suggestion(for: part, among: names)
    return problem(
      .unknownField, "\(part) is not a field",
      remedy: near.map { "did you mean \($0.uppercased())?" }
        ?? "known here: \(names.map { $0.uppercased() }.joined(separator: ", "))")
  }

  func problem(
    _ kind: SettingProblem.Kind, _ complaint: String, remedy: String
  ) -> SettingProblem {
    SettingProblem(
      at: position, path: path.joined(separator: "."), kind: kind, found: nil,
      complaint: complaint, remedy: remedy)
  }
}

extension SettingShape {
  /// Whether a single scalar can be its value.
  fileprivate var isLeaf: Bool {
    switch self {
    case .text, .flag, .choice, .number, .cpu, .bytes, .endpoint, .scalar: true
    case .list, .section, .names, .either: false
    }
  }

  fileprivate var isText: Bool {
    switch self {
    case .text, .endpoint, .scalar: true
    case .flag, .choice, .number, .cpu, .bytes, .list, .section, .names, .either: false
    }
  }

  /// What may stand next in a variable's name.
  fileprivate var exampleName: String {
    switch self {
    case .section(let fields, _): fields.first?.name.uppercased() ?? ""
    case .list: "0"
    case .names, .either, .text, .flag, .choice, .number, .cpu, .bytes, .endpoint, .scalar: "NAME"
    }
  }
}

extension String {
  /// What a variable can say of a name: letters of one case, and no `-`.
  fileprivate var variableSpelling: String { uppercased().replacing("-", with: "_") }
}

extension SettingNode {
  fileprivate func value(of name: String) -> SettingNode? {
    if case .map(let map) = self { map[name]?.value } else { nil }
  }

  fileprivate var names: [String] {
    if case .map(let map) = self { map.entries.map(\.name) } else { [] }
  }

  /// This with `value` at `path`, and whatever has to be there above it.
  fileprivate func setting(_ value: SettingNode, at path: ArraySlice<String>) -> SettingNode {
    guard let name = path.first else { return value }
    let rest = path.dropFirst()
    if case .list(var items, _) = self, let index = Int(name) {
      let item = items.indices.contains(index) ? items[index] : value
      items.replaceSubrange(
        index..<min(index + 1, items.count), with: [item.setting(value, at: rest)])
      return .list(items, at: value.position)
    }
    return setting(value, in: name, rest)
  }

  private func setting(
    _ value: SettingNode, in name: String, _ rest: ArraySlice<String>
  ) -> SettingNode {
    let place = value.position
    var map = SettingMap([], at: place)
    if case .map(let own) = self { map = own }
    let isList = rest.first.map { Int($0) != nil } ?? false
    let below =
      map[name]?.value
      ?? (isList ? .list([], at: place) : .map(SettingMap([], at: place)))
    map.set(
      SettingMap.Entry(name: name, namePosition: place, value: below.setting(value, at: rest)))
    return .map(map)
  }
}
