/// Columns for a person; cells are plain text or text with colour codes.
package struct Table: Sendable, Equatable {
  package enum Alignment: Sendable { case left, right }

  /// What becomes of a column where the terminal is too narrow for the table.
  package enum Fit: Sendable, Equatable {
    case whole
    /// Its cells take several lines; below so many columns, others are left out first.
    case wraps(comfort: Int)
    /// The ends of its cells are cut before others wrap; what would leave it fewer columns leaves
    /// it out.
    case cuts(comfort: Int)
    /// Left out before any other, and named below the table.
    case yields
  }

  package struct Column: Sendable, Equatable {
    let title: String
    let alignment: Alignment
    let fit: Fit
    package init(_ title: String, _ alignment: Alignment = .left, _ fit: Fit = .whole) {
      self.title = title
      self.alignment = alignment
      self.fit = fit
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  package init(_ columns: Column...) { self.init(columns) }
  package init(_ columns: [Column]) { self.columns = columns }

  /// - Precondition: One cell a column.
  package mutating func add(_ cells: String...) { add(cells) }

  /// - Precondition: One cell a column.
  package mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count, "\(cells.count) cells, \(columns.count) columns")
    rows.append(cells)
  }

  package var isEmpty: Bool { rows.isEmpty }

  /// The header and the rows, without trailing spaces.
  ///
  /// - Parameter columns: Of the terminal; nil where every cell is printed whole.
  func lines(columns width: Int?, style: Style) -> [String] {
    let cells = ([columns.map(\.title)] + rows).map { row in
      row.map { ShownText(style.visible($0)) }
    }
    let widths = columns.indices.map { column in cells.map { $0[column].width }.max() ?? 0 }
    let layout = TableLayout(columns, widths: widths, within: width)
    return cells.flatMap { lines(of: $0, layout) } + note(layout, width, style)
  }

  /// Which columns are left out.
  private func note(_ layout: TableLayout, _ width: Int?, _ style: Style) -> [String] {
    let left = columns.indices.filter { layout.widths[$0] == nil }.map { columns[$0].title }
    guard !left.isEmpty else { return [] }
    let note = style.faint("no room for \(left.joined(separator: ", ")): see --output csv")
    return Passage.hanging(note, indent: 2).lines(columns: width, style: style)
  }

  /// One row, as many lines as its highest cell.
  private func lines(of row: [ShownText], _ layout: TableLayout) -> [String] {
    let shown = columns.indices.filter { layout.widths[$0] != nil }
    let cells = shown.map { fitted(row[$0], columns[$0], to: layout.widths[$0] ?? 0) }
    return (0..<(cells.map(\.count).max() ?? 0)).map { line in
      let parts = zip(shown, cells).map { column, cell in
        padded(
          cell.indices.contains(line) ? cell[line] : ShownText(""), columns[column],
          to: layout.widths[column] ?? 0)
      }
      return String(
        parts.joined(separator: TableLayout.gap).reversed().drop { $0 == " " }.reversed())
    }
  }

  private func fitted(_ cell: ShownText, _ column: Column, to width: Int) -> [ShownText] {
    switch column.fit {
    case .whole, .yields: [cell]
    case .wraps: cell.wrapped(to: width)
    case .cuts: [cell.clipped(to: width)]
    }
  }

  private func padded(_ cell: ShownText, _ column: Column, to width: Int) -> String {
    let space = String(repeating: " ", count: max(0, width - cell.width))
    return column.alignment == .left ? cell.text + space : space + cell.text
  }
}
