/// The nearest of the names that would have been right.
package enum Spelling {
  /// The one of `names` that `word` was probably meant to be; nil if none is near.
  ///
  /// Near is the same name but for case and separators (`min_replicas` for `minReplicas`), at most
  /// one edit for every three characters, or a name that begins or ends with the word (`prod` for
  /// `production`, `replicas` for `minReplicas`). Of several the nearest, and of equals the first.
  package static func suggestion(for word: String, among names: [String]) -> String? {
    let plain = normalized(word)
    if let same = names.first(where: { normalized($0) == plain }) { return same }
    let near = names.map { (name: $0, edits: distance(plain, normalized($0))) }
      .filter { $0.edits <= max(1, $0.name.count / 3) }
      .min { $0.edits < $1.edits }
    return near?.name
      ?? names.first {
        let name = normalized($0)
        return plain.count >= 4 && (name.hasPrefix(plain) || name.hasSuffix(plain))
      }
  }

  /// How many characters must be inserted, removed, replaced or swapped with their neighbour.
  ///
  /// Source: the "optimal string alignment" distance, a restricted Damerau-Levenshtein distance.
  static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left)
    let right = Array(right)
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, leftCharacter) in left.enumerated() {
      var current = [row + 1]
      for (column, rightCharacter) in right.enumerated() {
        let cost = leftCharacter == rightCharacter ? 0 : 1
        var best = min(last[column] + cost, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, leftCharacter == right[column - 1],
          left[row - 1] == rightCharacter
        {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }

  private static func normalized(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
