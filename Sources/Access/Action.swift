import Events

/// Everything that a grant can allow: what changes, exports or reveals something.
///
/// The raw value is the action's name in `access.decided`, for ever.
package enum Action: String, Hashable, Sendable, CaseIterable {
  case addKey = "key.add"
  case revokeKey = "key.revoke"
  case rotateLogKey = "key.rotateLog"
  case recordBuild = "build.record"
  case applyConfiguration = "configuration.apply"
  case startDeployment = "deployment.start"
  case rollBack = "deployment.rollBack"
  case recoverDeployment = "deployment.recover"
  /// Copying the ledger and its sealed values out of the project.
  case exportLedger = "ledger.export"
  /// Copying what opens everybody's sealed values.
  case exportPeopleKeys = "peopleKeys.export"
  /// Putting a copy in the ledger's place.
  case restoreLedger = "ledger.restore"
  /// Opening a sealed value: somebody's own words.
  case reveal = "entry.reveal"

  /// The least role that may do it.
  package var role: AccessRole {
    switch self {
    case .addKey, .revokeKey, .rotateLogKey, .exportPeopleKeys, .restoreLedger, .reveal:
      .administrator
    case .recordBuild, .applyConfiguration, .startDeployment, .rollBack, .recoverDeployment,
      .exportLedger:
      .deployer
    }
  }

  package var code: Code { .init(stringLiteral: rawValue) }
}
