/// Which settings look like secrets, so that no message, table or log ever shows one.
///
/// Configuration should hold no secret at all. This is the net below: it judges by the field's
/// name, by credentials inside a URL, by the armour of a private key, by the forms that known
/// systems give their tokens, and by the names of pairs inside a text.
package enum Secrecy {
  package static let mask = "[hidden]"

  /// Whether the last part of a dotted path, or a variable's name, speaks of a secret.
  ///
  /// Case and the characters `-`, `_` and `.` do not matter: `apiKey`, `API_KEY` and `api-key` are
  /// one name. The story's `keyManagement` names a system, not a key; `DB_PASS` names a password,
  /// `BYPASS` does not; `TOKEN_BUCKET_SIZE` names a number.
  package static func isSecret(name: String) -> Bool {
    let parts = NameParts(of: name.split(separator: ".").last.map(String.init) ?? name)
    guard !measures.contains(parts.last) else { return false }
    return parts.last == "pass" || (parts.count > 1 && ["pwd", "pw"].contains(parts.last))
      || words.contains { parts.plain.contains($0) }
  }

  /// What a name ends in that says how much or how long.
  private static let measures: Set<String> = [
    "size", "count", "limit", "length", "rate", "ttl", "lifetime", "expiry", "timeout", "interval",
    "ms", "seconds", "minutes", "hours", "days",
  ]

  /// Whether a value gives itself away: `https://user:word@host`, a private key, a token of a
  /// system that marks its own, or a pair whose name does; see ``TokenForm`` and ``SecretPair``.
  package static func isSecret(value: String) -> Bool {
    // Few values hold what the expressions are about, and making an expression takes longest.
    (value.contains("://") && value.contains(credentials))
      || (value.contains("PRIVATE KEY") && value.contains(armour)) || TokenForm.isIn(value)
      || SecretPair.isIn(value)
  }

  private static var credentials: Regex<Substring> {
    #/[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\/?#@\s]*:[^\/?#@\s]+@/#
  }

  private static var armour: Regex<Substring> { #/-----BEGIN [A-Z ]*PRIVATE KEY-----/# }

  /// Whether a value is a secret by its own form, or looks random under a name that speaks of keys.
  package static func isSecret(value: String, at name: String) -> Bool {
    isSecret(value: value) || (TokenForm.looksRandom(value) && speaksOfKeys(name))
  }

  /// `STRIPE_KEY`, `basicAuth`: such a name alone says little, `keyManagement: aws-kms` is fine.
  private static func speaksOfKeys(_ name: String) -> Bool {
    let last = name.split(separator: ".").last.map { $0.lowercased() } ?? name.lowercased()
    return keyWords.contains { last.contains($0) }
  }

  private static let keyWords = ["key", "auth", "bearer", "pass", "pwd", "private", "salt", "sig"]

  /// The indices of arguments that carry a secret: `--token=abc`, or the one after `--token`.
  ///
  /// An argument with a reference in it is none: what it stands for is checked where it is written.
  package static func secretArguments(_ arguments: [String]) -> [Int] {
    arguments.indices.filter { index in
      let argument = arguments[index]
      guard !argument.contains("${") else { return false }
      if let match = argument.wholeMatch(of: #/--?([A-Za-z0-9_-]+)=.+/#) {
        return isSecret(name: String(match.1))
      }
      guard index > 0, !argument.hasPrefix("-") else { return false }
      let option = arguments[index - 1]
      return option.hasPrefix("-") && !option.contains("=") && isSecret(name: option)
    }
  }

  /// The value as it may be shown: whole, shortened to 80 characters, or masked.
  ///
  /// Control characters and line ends are shown escaped, so that a message stays one line and a
  /// terminal does nothing unexpected.
  package static func shown(_ value: String, at path: String) -> String {
    if ["", "null", "true", "false"].contains(value) { return value }  // Nothing to hide.
    guard !isSecret(name: path), !isSecret(value: value), secretArguments([value]).isEmpty else {
      return mask
    }
    let escaped = VisibleText.escaped(value)
    return escaped.count <= 80 ? escaped : escaped.prefix(79) + "…"
  }

  private static let words = [
    "secret", "password", "passwd", "passphrase", "token", "credential", "apikey", "privatekey",
    "accesskey", "signingkey", "encryptionkey",
  ]
}
