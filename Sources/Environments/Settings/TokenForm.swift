import Foundation

/// The forms that systems give to the tokens they hand out, so that scanners can find them.
///
/// Lengths are those that the issuer documents, or the least that it has used. A hash, a digest or
/// a UUID has none of these forms.
enum TokenForm {
  static func isIn(_ text: String) -> Bool {
    // Almost no text has any of the beginnings: look for those first.
    guard text.utf8.count >= leastByteCount, beginnings.contains(where: { text.contains($0) })
    else { return false }
    return text.contains(repositoryHost) || text.contains(cloud) || text.contains(service)
      || text.contains(mail) || text.contains(bearer) || text.contains(registry)
      || text.contains(webToken) || text.contains(privateKey)
  }

  /// Of Slack's, the shortest.
  private static let leastByteCount = 15

  private static let beginnings = [
    "gh", "github_pat_", "glpat-", "AKIA", "ASIA", "AIza", "xox", "k_live_", "npm_", "pypi-", "eyJ",
    "AGE-SECRET-KEY-1", "b3BlbnNzaC1rZXktdjE", "SG.", "earer ",
  ]

  private typealias Form = Regex<Substring>

  /// GitHub (36 characters, newer ones more; fine-grained 22 and 59), GitLab (20).
  private static var repositoryHost: Form {
    #/
      \b(?:gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}
      |glpat-[A-Za-z0-9_-]{20,})
    /#
  }

  /// AWS access key ids (16 after the prefix), Google API keys (35).
  private static var cloud: Form {
    #/\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}\b|AIza[A-Za-z0-9_-]{35})/#
  }

  /// Slack, and Stripe's live keys (at least 24).
  private static var service: Form {
    #/\b(?:xox[abeoprs]-[A-Za-z0-9-]{10,}|[sr]k_live_[A-Za-z0-9]{24,})/#
  }

  /// SendGrid (an id of 22 and a secret of 43).
  private static var mail: Form { #/SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/# }

  /// RFC 6750, as a header has it: whatever the token is, if it has a digit, which words have not.
  private static var bearer: Form {
    #/[Bb]earer +(?=[A-Za-z._~+\/-]*[0-9])[A-Za-z0-9._~+\/-]{16,}/#
  }

  /// npm (36), PyPI (a macaroon, from 85 on).
  private static var registry: Form {
    #/\b(?:npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{85,})/#
  }

  /// RFC 7519: two JSON objects and a signature, in base64url; both begin with `{"`.
  private static var webToken: Form {
    #/\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{10,}/#
  }

  /// age (Bech32, 58 after the prefix); OpenSSH without its armour.
  private static var privateKey: Form {
    #/AGE-SECRET-KEY-1[0-9A-Z]{58}|b3BlbnNzaC1rZXktdjE[A-Za-z0-9+\/=]/#
  }

  /// Whether one word of at least 20 letters and digits has 3.5 bits of surprise a character, as
  /// base64 of random bytes has and names, paths, digests (at most 4 bits, but hexadecimal) and
  /// UUIDs have not.
  static func looksRandom(_ text: String) -> Bool {
    guard text.utf8.count >= 20, text.wholeMatch(of: #/[A-Za-z0-9+\/_=-]{20,}/#) != nil,
      text.wholeMatch(of: #/[0-9a-fA-F-]+/#) == nil,
      text.contains(where: \.isUppercase), text.contains(where: \.isLowercase),
      text.contains(where: \.isNumber)
    else { return false }
    return text.bitsPerCharacter >= 3.5
  }
}

extension String {
  /// Shannon's entropy of its characters.
  fileprivate var bitsPerCharacter: Double {
    let counts = Dictionary(map { ($0, 1.0) }, uniquingKeysWith: +)
    return counts.values.reduce(0) { $0 - $1 / Double(count) * log2($1 / Double(count)) }
  }
}
