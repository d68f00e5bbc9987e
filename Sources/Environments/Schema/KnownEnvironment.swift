/// The three environments that the story has; each has a file of its name.
package enum KnownEnvironment: String, Hashable, Sendable, CaseIterable {
  case development
  case staging
  case production

  /// Also the story's short spellings: `dev`, `stage`, `prod`. Case matters, blanks are not
  /// removed: a name that has to be guessed at is not a name.
  package init?(spelling: String) {
    switch spelling {
    case "development", "dev": self = .development
    case "staging", "stage": self = .staging
    case "production", "prod": self = .production
    default: return nil
    }
  }

  /// Full and short spelling, as a message lists them.
  package static let spellings =
    "production (or prod), staging (or stage), development (or dev)"
}

extension KnownEnvironment: CustomStringConvertible {
  package var description: String { rawValue }
}
