/// Which settings look like secrets, so that no message, table or log ever shows one.
///
/// Configuration should hold no secret at all. This is the net below: it judges by the field's
/// name, by credentials inside a URL, and by the armour of a private key.
package enum Secrecy {
  package static let mask = "[hidden]"

  /// Whether the last part of a dotted path, or a variable's name, speaks of a secret.
  ///
  /// Case and the characters `-`, `_` and `.` do not matter: `apiKey`, `API_KEY` and `api-key` are
  /// one name. The story's `keyManagement` names a system, not a key.
  package static func isSecret(name: String) -> Bool {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    let plain = last.lowercased().filter { $0.isLetter || $0.isNumber }
    return words.contains { plain.contains($0) }
  }

  /// Whether a value gives itself away: `https://user:word@host`, or a PEM private key.
  package static func isSecret(value: String) -> Bool {
    value.contains(#/[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\/?#@\s]*:[^\/?#@\s]+@/#)
      || value.contains(#/-----BEGIN [A-Z ]*PRIVATE KEY-----/#)
  }

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
    let escaped = value.unicodeScalars.map { scalar in
      scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : "\(scalar)"
    }.joined()
    return escaped.count <= 80 ? escaped : escaped.prefix(79) + "…"
  }

  private static let words = [
    "secret", "password", "passwd", "passphrase", "token", "credential", "apikey", "privatekey",
    "accesskey", "signingkey", "encryptionkey",
  ]
}
