import Yams

/// A name that stands twice in one map of a YAML text: where it stands again.
///
/// The parser only tells where the first one is. So that one is renamed in a copy of the text, and
/// so on, until the copy has no repeated name; what was renamed there is compared with the rest.
struct RepeatedName {
  /// As a message may show it.
  let shown: String
  let firstLine: Int
  /// Of the second, from 1.
  let line: Int
  let column: Int

  /// - Returns: The first in reading order; nil when it cannot be found, as where the name is an
  ///   alias, or dozens of names are repeated.
  init?(in text: String) {
    guard let copy = RenamedCopy(of: text) else { return nil }
    let found = copy.repeated.min { ($0.line, $0.column) < ($1.line, $1.column) }
    guard let found else { return nil }
    self = found
  }

  fileprivate init(name: String, firstLine: Int, line: Int, column: Int) {
    shown = Secrecy.isSecret(value: name) ? Secrecy.mask : name
    self.firstLine = firstLine
    self.line = line
    self.column = column
  }
}

/// A text in which every first one of a repeated name has some letters more.
private struct RenamedCopy {
  private let letters: String
  private let lines: [[Unicode.Scalar]]
  private let root: Node

  /// At most this many are renamed, each with a parse, before the search is given up.
  private static let renamedMax = 32

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
    return repeated(below: root, behind: &reached)
  }

  /// Looks at what is written there once: what an alias stands for begins before what was reached,
  /// and aliases of aliases are as many nodes as there are grains on the chessboard.
  private func repeated(
    below node: Node, behind reached: inout (line: Int, column: Int)
  ) -> [RepeatedName] {
    guard let mark = node.mark, (mark.line, mark.column) > reached else { return [] }
    switch node {
    case .scalar, .alias: return []
    case .sequence(let sequence):
      reached = (mark.line, mark.column)
      return sequence.flatMap { repeated(below: $0, behind: &reached) }
    case .mapping(let mapping):
      reached = (mark.line, mark.column)
      return repeated(in: mapping)
        + mapping.flatMap { repeated(below: $0.value, behind: &reached) }
    }
  }

  private func repeated(in mapping: Node.Mapping) -> [RepeatedName] {
    var firstLines: [String: Int] = [:]
    var found: [RepeatedName] = []
    for (key, _) in mapping {
      guard let written = key.scalar?.string, let mark = key.mark else { continue }
      let name = written.replacing(letters, with: "")
      if let first = firstLines[name] {
        found.append(.init(name: name, firstLine: first, line: mark.line, column: column(of: mark)))
      }
      firstLines[name] = firstLines[name] ?? mark.line
    }
    return found
  }

  /// In the text itself, which has no letters more before it in the line.
  private func column(of mark: Mark) -> Int {
    let before = String(String.UnicodeScalarView(lines[mark.line - 1].prefix(mark.column - 1)))
    return mark.column - before.ranges(of: letters).count * letters.unicodeScalars.count
  }
}
