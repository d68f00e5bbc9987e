/// Which columns a table has on a terminal, and how wide they are.
///
/// What can be left out goes first, from the right, until the rest is comfortable; then what is cut
/// gives way, and then the widest of all, down to a few columns. A table that is wider still stays
/// so.
struct TableLayout: Equatable {
  /// By column; nil for one that is left out.
  private(set) var widths: [Int?]

  static let gap = "  "
  /// No column is made narrower.
  private static let widthMin = 8

  /// - Parameters:
  ///   - widths: That each column needs.
  ///   - limit: The terminal's columns; nil without a limit.
  init(_ columns: [Table.Column], widths: [Int], within limit: Int?) {
    self.widths = widths
    guard let limit else { return }
    while comfort(columns) > limit, let least = leastNeeded(columns) { self.widths[least] = nil }
    while total > limit, let widest = widestToCut(columns) ?? widestFlexible(columns) {
      self.widths[widest] = (self.widths[widest] ?? 0) - 1
    }
  }

  /// The last that yields, or else the last that is cut.
  private func leastNeeded(_ columns: [Table.Column]) -> Int? {
    let shown = columns.indices.filter { widths[$0] != nil }
    return shown.last { columns[$0].fit == .yields } ?? shown.last { columns[$0].isCut }
  }

  /// What the table takes when whatever can give way has just what is comfortable.
  private func comfort(_ columns: [Table.Column]) -> Int {
    zip(columns, widths).compactMap { column, width in
      width.map { min($0, column.comfort ?? $0) + Self.gap.count }
    }.reduce(-Self.gap.count, +)
  }

  private var total: Int {
    widths.compactMap { $0.map { $0 + Self.gap.count } }.reduce(-Self.gap.count, +)
  }

  private func widestToCut(_ columns: [Table.Column]) -> Int? {
    widest(
      columns.indices.filter { columns[$0].isCut && (widths[$0] ?? 0) > columns[$0].comfort ?? 0 })
  }

  private func widestFlexible(_ columns: [Table.Column]) -> Int? {
    widest(
      columns.indices.filter { columns[$0].comfort != nil && (widths[$0] ?? 0) > Self.widthMin })
  }

  private func widest(_ columns: [Int]) -> Int? {
    columns.max { (widths[$0] ?? 0, $1) < (widths[$1] ?? 0, $0) }
  }
}

extension Table.Column {
  fileprivate var isCut: Bool {
    if case .cuts = fit { true } else { false }
  }

  /// Columns below which others give way first; nil for one that does not give way itself.
  fileprivate var comfort: Int? {
    switch fit {
    case .whole, .yields: nil
    case .wraps(let comfort), .cuts(let comfort): comfort
    }
  }
}
