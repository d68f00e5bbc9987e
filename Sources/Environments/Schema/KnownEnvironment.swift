import Events

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

  /// Nil for an environment that the story does not have.
  package init?(_ name: EnvironmentName) { self.init(rawValue: name.rawValue) }

  /// As events name it.
  package var name: EnvironmentName {
    switch self {
    case .development: "development"
    case .staging: "staging"
    case .production: "production"
    }
  }

  /// Full and short spelling, as a message lists them.
  package static let spellings =
    "production (or prod), staging (or stage), development (or dev)"
}

extension KnownEnvironment: CustomStringConvertible {
  package var description: String { rawValue }
}
