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
}
