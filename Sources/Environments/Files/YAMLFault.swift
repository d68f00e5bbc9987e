import Yams

/// What the YAML parser refused, in our words and with its position.
///
/// The parser's own description repeats lines of the file, which may hold a secret; only its
/// reason is used here.
struct YAMLFault {
  private let line: Int
  private let column: Int
  private let complaint: String
  private var remedy = "write YAML that a parser accepts"

  /// What the parser says where a file has more than one document.
  private static let secondDocument = "but found another document"

  init(_ error: any Error) {
    guard let fault = error as? YamlError else {
      preconditionFailure("the YAML parser threw \(type(of: error)), which it does not document")
    }
    switch fault {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      (line, column) = (mark.line, mark.column)
      guard problem != Self.secondDocument else {
        complaint = "a second document begins here"
        remedy = "keep one document in a file"
        return
      }
      complaint = [context?.text, problem].compactMap(\.self).joined(separator: ", ")
    case .duplicatedKeysInMapping(let names, let context):
      (line, column) = (context.mark.line, context.mark.column)
      complaint = "\(names.sorted().joined(separator: ", ")) stands more than once in this map"
      remedy = "keep one of them"
    case .reader(let problem, let offset, _, let text):
      (line, column) = Self.place(ofCharacter: offset ?? 0, in: text)
      complaint = problem
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      (line, column) = (1, 1)
      complaint = "the parser gave up"
    }
  }

  func problem(in file: String, layer: SourcePosition.Layer, text: String) -> SettingProblem {
    let usesTab = Self.hasTabInIndentation(line: line, of: text)
    return SettingProblem(
      at: SourcePosition(file: file, line: line, column: column, layer: layer), path: "",
      kind: .form, found: nil,
      complaint: usesTab ? "the line is indented with a tab" : "the file is not YAML: \(complaint)",
      remedy: usesTab ? "indent with spaces" : remedy)
  }

  private static func hasTabInIndentation(line: Int, of text: String) -> Bool {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard lines.indices.contains(line - 1) else { return false }
    return lines[line - 1].prefix { $0 == " " || $0 == "\t" }.contains("\t")
  }

  private static func place(ofCharacter offset: Int, in text: String) -> (Int, Int) {
    let before = text.prefix(offset)
    let line = before.count(where: \.isNewline)
    let column = before.reversed().prefix { !$0.isNewline }.count
    return (line + 1, column + 1)
  }
}
