import Yams

/// A name that stands twice in one map of a YAML text: where it stands again.
struct RepeatedName: Hashable {
  /// Dotted, of the value that it names.
  let path: String
  let firstLine: Int
  /// Of the second, from 1.
  let line: Int
  let column: Int

  fileprivate init(name: String, in path: String, firstLine: Int, line: Int, column: Int) {
    self.path = path.isEmpty ? name : "\(path).\(name)"
    self.firstLine = firstLine
    self.line = line
    self.column = column
  }
}

/// A text in which every first one of a repeated name has some letters more.
///
/// The parser only tells where the first one is, and reads nothing of such a text. So that one is
/// renamed in a copy, and so on, until the copy has no repeated name; what was renamed there is
/// compared with the rest.
struct RenamedCopy {
  let root: Node
  private let letters: String
  private let lines: [[Unicode.Scalar]]

  /// At most this many are renamed, each with a parse, before the search is given up.
  private static let renamedMax = 32

  /// Nil when the names cannot be found, as where one is an alias, or dozens are repeated.
  init?(of text: String) {
    let letters = (0...).lazy.map { "stele\($0)x" }.first { !text.contains($0) }
    guard let letters else { return nil }
    var lines = Self.lines(of: text)
    for _ in 0..<Self.renamedMax {
      do {
        let text = String(String.UnicodeScalarView(lines.joined()))
        guard let root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        else { return nil }
        (self.letters, self.lines, self.root) = (letters, lines, root)
        return
      } catch {
        guard case YamlError.duplicatedKeysInMapping(_, let context) = error,
          Self.insert(letters, into: &lines, at: context.mark)
        else { return nil }
      }
    }
    return nil
  }

  /// With their ends; what ends a line in YAML 1.1.
  private static func lines(of text: String) -> [[Unicode.Scalar]] {
    var lines: [[Unicode.Scalar]] = [[]]
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      lines[lines.count - 1].append(scalar)
      let isPair = scalar == "\r" && scalars.dropFirst(index + 1).first == "\n"
      if ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar), !isPair {
        lines.append([])
      }
    }
    return lines
  }

  /// - Returns: Whether a scalar begins there, which has the letters now.
  private static func insert(
    _ letters: String, into lines: inout [[Unicode.Scalar]], at mark: Mark
  ) -> Bool {
    let (line, column) = (mark.line - 1, mark.column - 1)
    guard lines.indices.contains(line), lines[line].indices.contains(column),
      !"&*!?[{".unicodeScalars.contains(lines[line][column])
    else { return false }
    let isQuoted = "\"'".unicodeScalars.contains(lines[line][column])
    lines[line].insert(contentsOf: letters.unicodeScalars, at: column + (isQuoted ? 1 : 0))
    return true
  }

  /// Every name that stands in a map again, by where it does, in reading order.
  var repeated: [RepeatedName] {
    var reached = (line: 0, column: 0)
    return repeated(below: root, at: "", behind: &reached)
  }

  /// A name as the text itself has it.
  func written(_ name: String) -> String { name.replacing(letters, with: "") }

  /// Looks at what is written there once: what an alias stands for begins before what was reached,
  /// and aliases of aliases are as many nodes as there are grains on the chessboard.
  private func repeated(
    below node: Node, at path: String, behind reached: inout (line: Int, column: Int)
  ) -> [RepeatedName] {
    guard let mark = node.mark, (mark.line, mark.column) > reached else { return [] }
    switch node {
    case .scalar, .alias: return []
    case .sequence(let sequence):
      reached = (mark.line, mark.column)
      return sequence.flatMap { repeated(below: $0, at: path, behind: &reached) }
    case .mapping(let mapping):
      reached = (mark.line, mark.column)
      return repeated(in: mapping, at: path)
        + mapping.flatMap { key, value in
          let name = written(key.scalar?.string ?? "")
          let place = path.isEmpty ? name : "\(path).\(name)"
          return repeated(below: value, at: place, behind: &reached)
        }
    }
  }

  private func repeated(in mapping: Node.Mapping, at path: String) -> [RepeatedName] {
    var firstLines: [String: Int] = [:]
    var found: [RepeatedName] = []
    for (key, _) in mapping {
      guard let scalar = key.scalar, let mark = key.mark else { continue }
      let name = written(scalar.string)
      if let first = firstLines[name] {
        found.append(
          .init(name: name, in: path, firstLine: first, line: mark.line, column: column(of: mark)))
      }
      firstLines[name] = firstLines[name] ?? mark.line
    }
    return found
  }

  /// In the text itself, which has no letters more before it in the line.
  func column(of mark: Mark) -> Int {
    guard lines.indices.contains(mark.line - 1) else { return mark.column }
    let before = String(String.UnicodeScalarView(lines[mark.line - 1].prefix(mark.column - 1)))
    return mark.column - before.ranges(of: letters).count * letters.unicodeScalars.count
  }
}
