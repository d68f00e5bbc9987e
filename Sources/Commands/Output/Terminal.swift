import Foundation

/// What the process is writing to: a person's terminal or something that stores bytes.
package struct Terminal: Sendable, Equatable {
  /// Cursor movement and redrawing are allowed.
  package let isInteractive: Bool
  package let hasColour: Bool
  /// Columns; 100 where nobody says.
  package let columns: Int

  package init(isInteractive: Bool, hasColour: Bool, columns: Int = 100) {
    self.isInteractive = isInteractive
    self.hasColour = hasColour
    self.columns = columns
  }

  /// - Parameter descriptor: 1 or 2.
  /// - Parameter variables: `NO_COLOR` (set and not empty: none, https://no-color.org), `TERM`, and
  ///   `COLUMNS`, which goes before what the terminal says of itself.
  package static func current(descriptor: Int32, variables: [String: String]) -> Terminal {
    let interactive = isatty(descriptor) == 1 && variables["TERM"] != "dumb"
    let colour = interactive && (variables["NO_COLOR"] ?? "").isEmpty
    var size = winsize()
    let known = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let named = variables["COLUMNS"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
    return Terminal(
      isInteractive: interactive, hasColour: colour,
      columns: named ?? (known ? Int(size.ws_col) : 100))
  }
}
