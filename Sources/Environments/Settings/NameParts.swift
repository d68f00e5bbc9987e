/// The words that a name of several is made of: `DB_PASS`, `dbPass` and `db-pass` are two.
struct NameParts {
  /// In small letters.
  private let words: [String]

  init(of name: String) {
    let pieces = name.split { !$0.isLetter && !$0.isNumber }
    words = pieces.flatMap(Self.humps(of:)).map { $0.lowercased() }
  }

  var count: Int { words.count }

  var last: String { words.last ?? "" }

  /// All of it as one word.
  var plain: String { words.joined() }

  /// A word begins with each capital letter after a small one.
  private static func humps(of piece: Substring) -> [Substring] {
    var humps: [Substring] = []
    var start = piece.startIndex
    for (left, right) in zip(piece.indices, piece.indices.dropFirst())
    where piece[left].isLowercase && piece[right].isUppercase {
      humps.append(piece[start..<right])
      start = right
    }
    return humps + [piece[start...]]
  }
}
