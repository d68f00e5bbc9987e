import Events

/// Everything that a grant can allow: what changes, exports or reveals something.
///
/// The raw value is the action's name in `access.decided`, for ever.
package enum Action: String, Hashable, Sendable, CaseIterable {
  case addKey = "key.add"
  case revokeKey = "key.revoke"
  case rotateLogKey = "key.rotateLog"
  case grantAccess = "access.grant"
  case revokeAccess = "access.revoke"
  case suspendAccess = "access.suspend"
  case reinstateAccess = "access.reinstate"
  /// Saying of a grant that it stays or goes.
  case reviewAccess = "access.review"
  /// Saying whose tokens count, and with which keys.
  case trustIssuer = "issuer.trust"
  /// Saying whom a token proves.
  case bindIdentity = "identity.bind"
  /// Saying which policy alone lets anything in.
  case adoptPolicy = "policy.adopt"
  case recordBuild = "build.record"
  case applyConfiguration = "configuration.apply"
  /// Recording what a provider's bill says, which a budget is held against.
  case importCost = "cost.import"
  case startDeployment = "deployment.start"
  case rollBack = "deployment.rollBack"
  case recoverDeployment = "deployment.recover"
  /// Approving or refusing a plan, and taking either back.
  case approve = "approval.give"
  /// Deploying in spite of freezes and missing approvals.
  case breakGlass = "deployment.breakGlass"
  /// Saying whether it was right to break the glass.
  case closeReview = "review.close"
  /// Setting, rotating and removing an environment's secrets.
  case writeSecret = "secret.write"
  /// Saying who can open an environment's secrets.
  case shareSecrets = "secret.share"
  /// Keeping an environment's replicas up: starting again what ends, sending requests to what is
  /// well.
  case runAgent = "agent.run"
  /// Recording whether files, ledger and what runs are alike.
  case scanDrift = "drift.scan"
  /// Bringing what runs back to what the ledger says.
  case startSync = "sync.start"
  /// Copying the ledger and its sealed values out of the project.
  case exportLedger = "ledger.export"
  /// Copying what opens everybody's sealed values.
  case exportPeopleKeys = "peopleKeys.export"
  /// Putting a copy in the ledger's place.
  case restoreLedger = "ledger.restore"
  /// Opening a sealed value: somebody's own words.
  case reveal = "entry.reveal"

  /// The roles that may do it, the one to ask for first; an administrator may do everything.
  package var roles: [AccessRole] {
    switch self {
    case .addKey, .revokeKey, .rotateLogKey, .grantAccess, .revokeAccess, .suspendAccess,
      .reinstateAccess, .reviewAccess, .trustIssuer, .bindIdentity, .adoptPolicy,
      .exportPeopleKeys, .restoreLedger, .reveal, .shareSecrets:
      [.administrator]
    case .recordBuild, .applyConfiguration, .startDeployment, .writeSecret:
      [.deployer, .administrator]
    case .importCost: [.operator, .deployer, .administrator]
    case .rollBack, .recoverDeployment, .runAgent, .startSync:
      [.operator, .responder, .deployer, .administrator]
    case .scanDrift: [.operator, .responder, .deployer, .auditor, .administrator]
    case .breakGlass: [.responder, .administrator]
    case .approve, .closeReview: [.approver, .administrator]
    case .exportLedger: [.auditor, .deployer, .administrator]
    }
  }

  /// What a request names no environment for because there is none that it concerns. Every other
  /// one touches all environments where it names none.
  var isOfNoEnvironment: Bool { self == .recordBuild }

  /// What somebody answers for with a key of their own: whoever has a token for five minutes may
  /// neither decide for people nor about keys, access, policies and secrets.
  package var needsOwnKey: Bool {
    switch self {
    case .addKey, .revokeKey, .rotateLogKey, .grantAccess, .revokeAccess, .suspendAccess,
      .reinstateAccess, .reviewAccess, .trustIssuer, .bindIdentity, .adoptPolicy, .approve,
      .breakGlass,
      .closeReview, .writeSecret, .shareSecrets, .exportPeopleKeys, .restoreLedger, .reveal:
      true
    case .recordBuild, .applyConfiguration, .importCost, .startDeployment, .rollBack,
      .recoverDeployment, .runAgent, .exportLedger, .scanDrift, .startSync:
      false
    }
  }

  package var code: Code { .init(stringLiteral: rawValue) }
}
