import Foundation

/// Entries with personal values that a restore has given up, kept with the keys: what nobody can
/// open any more, and whoever restored has agreed to lose, is no finding and keeps nobody from
/// sealing what comes after.
///
/// A line a range of positions, `3` or `20-45`, ascending. A line that is neither gives up nothing:
/// its values are missed again.
package struct GivenUpFile: Sendable {
  private let path: String

  package init(path: String) { self.path = path }

  /// None where nothing was given up.
  ///
  /// - Throws: ``LedgerError/system(operation:path:errno:)``.
  package func entries() throws(LedgerError) -> RangeSet<Int> {
    RangeSet(
      (try StateFile(path).text() ?? "").split(separator: "\n").compactMap { line in
        let ends = line.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = Int(ends[0]), let last = Int(ends[ends.count - 1]), 0 <= first,
          first <= last, last < Int.max
        else { return nil }
        return first..<last + 1
      })
  }

  /// Commit point: see ``StateFile/replace(with:)``.
  package func replace(with entries: RangeSet<Int>) throws {
    let lines = entries.ranges.map { range in
      range.count == 1 ? "\(range.lowerBound)\n" : "\(range.lowerBound)-\(range.upperBound - 1)\n"
    }
    try StateFile(path).replace(with: lines.joined())
  }
}
