/// Whether a build has to have run healthy elsewhere before it may run in an environment.
package enum PromotionRule: String, Hashable, Sendable, CaseIterable {
  /// Nothing is asked.
  case any
  /// A promotion has to be of a build that ran healthy where it comes from; a deployment need not.
  case proven
  /// Every deployment has to be of a build that ran healthy in the environment before.
  case required

  /// As `policy.decided` has it, of the environment where a build has to be proven.
  package static let condition = "provenIn"
}

extension KnownEnvironment {
  /// The environment that a build goes through before this one; none before development.
  package var previous: KnownEnvironment? {
    switch self {
    case .development: nil
    case .staging: .development
    case .production: .staging
    }
  }
}
