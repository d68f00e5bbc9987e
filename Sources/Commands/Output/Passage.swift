/// A part of what a person reads, before the terminal's width is known.
package enum Passage: Sendable, Equatable {
  /// Left as it is: what is to be copied must not be broken.
  case line(String)
  /// Goes on below its own words, set in by as many columns, where the terminal is too narrow.
  case hanging(String, indent: Int)
  case table(Table)

  /// - Parameters:
  ///   - columns: Of the terminal; nil where nothing is cut or broken.
  ///   - style: Whose colours stay; every other control character is written out.
  func lines(columns: Int?, style: Style) -> [String] {
    switch self {
    case .line(let text): return [style.visible(text)]
    case .table(let table): return table.lines(columns: columns, style: style)
    case .hanging(let text, let indent):
      let text = ShownText(style.visible(text))
      guard let columns, text.width > columns, columns > 2 * indent else { return [text.text] }
      let (first, rest) = text.split(at: columns)
      let margin = String(repeating: " ", count: indent)
      return [first.text] + rest.wrapped(to: columns - indent).map { margin + $0.text }
    }
  }
}

extension Passage: ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) { self = .line(text) }
}
