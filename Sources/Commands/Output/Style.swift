import Environments

/// The few colours Stele uses, each always beside a word or sign that says the same.
package struct Style: Sendable {
  private let enabled: Bool

  package init(_ terminal: Terminal) { enabled = terminal.hasColour }

  package func good(_ text: String) -> String { wrap(text, "32") }
  package func bad(_ text: String) -> String { wrap(text, "31;1") }
  package func warning(_ text: String) -> String { wrap(text, "33") }
  package func faint(_ text: String) -> String { wrap(text, "2") }
  package func strong(_ text: String) -> String { wrap(text, "1") }

  /// An environment's name as nobody can mistake it: production is white on red, in capitals and
  /// marked, with or without colour.
  package func environment(_ name: String) -> String {
    switch name {
    case "production": wrap(" ▲ PRODUCTION ", "97;41;1")
    case "staging": wrap("◆ staging", "33")
    default: wrap("● " + name, "36")
    }
  }

  private func wrap(_ text: String, _ code: String) -> String {
    enabled ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// What may reach the terminal: line feeds, this style's own colours where it has any, and no
  /// other control character.
  package func visible(_ text: String) -> String {
    guard enabled else { return VisibleText.escaped(text, keepsLines: true) }
    var shown = ""
    var rest = text[...]
    while let found = rest.firstMatch(of: #/\x{1B}\[(?:32|31;1|33|2|1|97;41;1|36|0)m/#) {
      shown += VisibleText.escaped(String(rest[..<found.range.lowerBound]), keepsLines: true)
      shown += found.output
      rest = rest[found.range.upperBound...]
    }
    return shown + VisibleText.escaped(String(rest), keepsLines: true)
  }
}
