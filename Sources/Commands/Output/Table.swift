/// Aligned columns for a person; cells are plain text or text with colour codes.
package struct Table: Sendable {
  package enum Alignment: Sendable { case left, right }

  package struct Column: Sendable {
    let title: String
    let alignment: Alignment
    package init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  package init(_ columns: Column...) { self.columns = columns }

  /// - Precondition: One cell a column.
  package mutating func add(_ cells: String...) {
    precondition(cells.count == columns.count, "\(cells.count) cells, \(columns.count) columns")
    rows.append(cells)
  }

  package var isEmpty: Bool { rows.isEmpty }

  /// The header and the rows, without trailing spaces.
  package var lines: [String] {
    let cells = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in
      cells.map { Terminal.width(of: $0[column]) }.max() ?? 0
    }
    return cells.map { line(of: $0, widths: widths) }
  }

  private func line(of row: [String], widths: [Int]) -> String {
    let padded = columns.indices.map { column in
      let space = String(
        repeating: " ", count: widths[column] - Terminal.width(of: row[column]))
      return columns[column].alignment == .left ? row[column] + space : space + row[column]
    }
    let joined = padded.joined(separator: "  ")
    return String(joined.reversed().drop { $0 == " " }.reversed())
  }
}
