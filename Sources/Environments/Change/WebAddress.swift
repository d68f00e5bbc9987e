import Foundation

/// Addresses of repositories and pipeline runs, without what may name a person or open a door.
enum WebAddress {
  /// The address as a URL without user name, password, query and fragment; nil with a token in it.
  ///
  /// `git@host:group/name.git` becomes `ssh://host/group/name.git`. Nil for a path on this machine,
  /// which often holds somebody's name, and for anything that is no address.
  static func repository(_ text: String) -> String? {
    if let match = text.wholeMatch(of: #/(?:[^@\/:\s]+@)?([A-Za-z0-9.-]+):([^\s:\/][^\s:]*)/#),
      match.1.count > 1
    {
      return stripped("ssh://\(match.1)/\(match.2)")
    }
    return stripped(text)
  }

  /// An `https` or `http` URL likewise.
  static func page(_ text: String) -> String? {
    stripped(text).flatMap { $0.hasPrefix("http") ? $0 : nil }
  }

  private static func stripped(_ text: String) -> String? {
    guard text.utf8.count <= 1_000, text.allSatisfy({ $0.isASCII && !$0.isWhitespace }),
      let parts = URLComponents(string: text),
      let scheme = parts.scheme?.lowercased(), ["https", "http", "ssh", "git"].contains(scheme),
      let host = parts.host, !host.isEmpty, !Secrecy.isSecret(value: parts.path)
    else { return nil }
    let port = parts.port.map { ":\($0)" } ?? ""
    return "\(scheme)://\(host)\(port)\(parts.percentEncodedPath)"
  }
}
