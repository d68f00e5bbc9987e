import Events

/// A `name=value` inside a longer text whose name says that the value is a secret: a password in
/// `Server=h;Password=abc`, a key in `https://host/?api_key=abc`.
///
/// A value that is a reference (`${NAME}`, `vault:…`, `env:NAME`), a truth value or nothing is no
/// secret.
enum SecretPair {
  static func isIn(_ text: String) -> Bool {
    guard text.utf8.contains(UInt8(ascii: "=")) else { return false }
    return isPasswordIn(text) || isInQuery(of: text)
  }

  /// Anywhere: strings that open a database part their pairs by semicolons or blanks.
  private static func isPasswordIn(_ text: String) -> Bool {
    pairs(of: text).contains { pair in
      isTelling(pair.value) && passwordNames.contains { pair.name.hasSuffix($0) }
    }
  }

  private static let passwordNames = ["password", "passwd", "pwd"]

  /// In what follows a `?`: elsewhere `token=` and the like mean too much.
  private static func isInQuery(of text: String) -> Bool {
    guard let start = text.firstIndex(of: "?") else { return false }
    return pairs(of: String(text[start...])).contains { pair in
      isTelling(pair.value) && queryNames.contains(pair.name)
    }
  }

  private static let queryNames: Set<String> = [
    "apikey", "accesstoken", "authtoken", "clientsecret", "token", "secret", "password", "passwd",
    "pwd", "sig", "signature", "xamzsignature",
  ]

  private struct Pair {
    /// In small letters and digits alone: `api_key` is `apikey`.
    let name: String
    let value: String
  }

  /// One for every `=`, so that none hides behind another: `--options=password=abc`.
  private static func pairs(of text: String) -> [Pair] {
    let pieces = text.split { $0.isWhitespace || "?&;,".contains($0) }
    return pieces.flatMap { piece in
      piece.indices.filter { piece[$0] == "=" }.map { place in
        Pair(
          name: name(endingIn: piece[..<place]), value: String(piece[piece.index(after: place)...]))
      }
    }
  }

  /// `{"x":"db_password` ends in the name `dbpassword`.
  private static func name(endingIn text: Substring) -> String {
    let name = text.reversed().prefix { $0.isLetter || $0.isNumber || "_-".contains($0) }
    return String(name.reversed()).lowercased().filter { $0.isLetter || $0.isNumber }
  }

  private static func isTelling(_ value: String) -> Bool {
    let bare = value.filter { !"\"'".contains($0) }
    return !["", "true", "false"].contains(bare) && !bare.contains("${")
      && SecretReference(bare) == nil
  }
}
