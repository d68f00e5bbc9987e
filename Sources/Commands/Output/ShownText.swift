/// One line of text by what is seen of it: a colour code takes no column and is never torn.
struct ShownText {
  /// One character each, with the colour codes before it, and after the last of a colour its end.
  private let glyphs: ArraySlice<String>

  init(_ text: String) {
    let pattern = /(?:\u{1B}\[[0-9;]*m)*[^\u{1B}](?:\u{1B}\[0m)?/
    glyphs = text.matches(of: pattern).map { String($0.output) }[...]
  }

  private init(glyphs: ArraySlice<String>) { self.glyphs = glyphs }

  /// Columns that it takes.
  var width: Int { glyphs.count }
  var text: String { glyphs.joined() }

  /// At most `columns` wide: the end is left out, and a … says so.
  func clipped(to columns: Int) -> ShownText {
    guard width > columns else { return self }
    return ShownText(glyphs: glyphs.prefix(max(0, columns - 1)) + ["…"])
  }

  /// In lines of at most `columns`, broken at blanks, or else after what joins words.
  func wrapped(to columns: Int) -> [ShownText] {
    var lines: [ShownText] = []
    var rest = self
    while rest.width > columns {
      let (line, others) = rest.split(at: columns)
      lines.append(line)
      rest = others
    }
    return lines + [rest]
  }

  /// The first line of at most `columns`, and what is left.
  func split(at columns: Int) -> (ShownText, ShownText) {
    let end = lineEnd(columns)
    let line = glyphs[..<end].reversed().drop { $0 == " " }.reversed()
    return (
      ShownText(glyphs: Array(line)[...]), ShownText(glyphs: glyphs[end...].drop { $0 == " " })
    )
  }

  private static let joints: Set<String> = ["/", ".", "-", "_", ",", ":"]

  private func lineEnd(_ columns: Int) -> Int {
    let begin = glyphs.firstIndex { $0 != " " } ?? glyphs.startIndex
    if let blank = glyphs.prefix(columns + 1).lastIndex(of: " "), blank > begin { return blank }
    let joint = glyphs.prefix(columns).lastIndex(where: Self.joints.contains)
    if let joint, joint > begin { return joint + 1 }
    return glyphs.startIndex + min(max(1, columns), glyphs.count)
  }
}
