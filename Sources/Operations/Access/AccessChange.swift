import Events

/// What an administrator changes about somebody's access.
package enum AccessChange: Sendable, Equatable {
  case grant(AccessRole, Reaching, until: Timestamp?)
  /// Every grant of one role, or all.
  case revoke(AccessRole?)
  case suspend(Reaching, until: Timestamp?)
  case reinstate
  /// One grant, by its number, stays or goes.
  case review(grant: Int, GrantFinding)
  /// Whoever shows such a token is this actor; new, or known.
  case addIdentity(TokenBinding)
  /// Such a token proves the actor no more, by the identity's number.
  case removeIdentity(Int)

  /// Where.
  package struct Reaching: Sendable, Equatable {
    package let applications: Reach<ApplicationTag>
    package let environments: Reach<EnvironmentTag>

    package init(
      applications: Reach<ApplicationTag>, environments: Reach<EnvironmentTag>
    ) {
      self.applications = applications
      self.environments = environments
    }
  }

  /// When it is over by itself.
  var until: Timestamp? {
    switch self {
    case .grant(_, _, let until), .suspend(_, let until): until
    case .revoke, .reinstate, .review, .addIdentity, .removeIdentity: nil
    }
  }
}

/// Why access is changed, and who wanted it.
package struct AccessGrounds: Sendable, Equatable {
  /// The administrator's own words; sealed.
  package let reason: String?
  /// `OPS-12`, in clear.
  package let ticket: Ticket?

  package init(reason: String?, ticket: Ticket?) {
    self.reason = reason
    self.ticket = ticket
  }
}
