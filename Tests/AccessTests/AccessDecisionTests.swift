import CanonicalJSON
import Events
import Projections
import Testing

@testable import Access

/// Every answer of the one function between a command and an append.
@Suite struct AccessDecisionTests {
  let person = ActorID.make(at: .earliest, random: [UInt8](repeating: 7, count: 10))
  let stranger = ActorID.make(at: .earliest, random: [UInt8](repeating: 8, count: 10))
  let noon = Timestamp.earliest.adding(milliseconds: 43_200_000)

  private func grants(
    _ role: AccessRole, in environments: Reach<EnvironmentTag> = .all,
    of applications: Reach<ApplicationTag> = .all, until: Timestamp? = nil
  ) -> Grants {
    var grants = Grants()
    grants.apply(
      .sample(
        .access(
          .granted(
            AccessGranted(
              actor: person, applications: applications, environments: environments, role: role,
              until: until))), in: .grant(person), by: person))
    return grants
  }

  private func request(
    _ action: Action, by actor: ActorID? = nil, in environment: EnvironmentName? = "production"
  ) -> AccessRequest {
    AccessRequest(action, by: actor ?? person, application: "tamma", environment: environment)
  }

  @Test(arguments: Action.allCases)
  func `nobody may do anything without a grant`(action: Action) {
    let decision = request(action, by: stranger).decide(grants(.administrator), at: noon)

    #expect(decision == AccessDecision(verdict: .deny, reasons: [.noGrant]))
  }

  @Test(arguments: Action.allCases)
  func `an administrator may do everything where the grant reaches`(action: Action) {
    #expect(request(action).decide(grants(.administrator), at: noon).isAllowed)
  }

  @Test(arguments: Action.allCases)
  func `a viewer may change, export and reveal nothing`(action: Action) {
    let decision = request(action).decide(grants(.viewer), at: noon)

    #expect(decision == AccessDecision(verdict: .deny, reasons: [.roleInsufficient]))
  }

  /// What each role may do besides nothing: an administrator may do everything.
  static let allowed: [AccessRole: Set<Action>] = [
    .administrator: Set(Action.allCases),
    .deployer: [
      .recordBuild, .applyConfiguration, .startDeployment, .rollBack, .recoverDeployment,
      .runAgent, .importCost, .exportLedger, .writeSecret, .scanDrift, .startSync,
    ],
    .operator: [
      .rollBack, .recoverDeployment, .runAgent, .importCost, .scanDrift, .startSync,
    ],
    .auditor: [.exportLedger, .scanDrift],
    .approver: [.approve, .closeReview],
    .responder: [
      .breakGlass, .rollBack, .recoverDeployment, .runAgent, .scanDrift, .startSync,
    ],
    .viewer: [],
  ]

  /// What a job may do by a token, if it is granted.
  private static let byToken: Set<Action> = [
    .recordBuild, .applyConfiguration, .importCost, .startDeployment, .rollBack,
    .recoverDeployment, .runAgent, .exportLedger, .scanDrift, .startSync,
  ]

  @Test(arguments: Action.allCases)
  func `a token does not do what takes an own key, whatever is granted`(action: Action) {
    let request = AccessRequest(
      action, by: person, application: "tamma", environment: "production", isAttested: true)
    let expected =
      Self.byToken.contains(action)
      ? AccessDecision(verdict: .allow, reasons: [.grant])
      : AccessDecision(verdict: .deny, reasons: [.ownKeyNeeded])

    #expect(request.decide(grants(.administrator), at: noon) == expected)
    #expect(request.decide(suspended(in: .all), at: noon).reasons == [.suspended])
  }

  @Test(arguments: AccessRole.allCases)
  func `each role may do what the table says, and nothing else`(role: AccessRole) {
    let may = Action.allCases.filter { request($0).decide(grants(role), at: noon).isAllowed }
    #expect(Set(may) == Self.allowed[role])
  }

  @Test func `a grant for staging says nothing about production`() {
    let decision = request(.startDeployment).decide(
      grants(.deployer, in: .only(["staging"])), at: noon)

    #expect(decision == AccessDecision(verdict: .deny, reasons: [.environmentNotGranted]))
  }

  @Test func `a grant for one application says nothing about another`() {
    let decision = request(.startDeployment).decide(
      grants(.deployer, of: .only(["other"])), at: noon)

    #expect(decision == AccessDecision(verdict: .deny, reasons: [.applicationNotGranted]))
  }

  @Test func `a grant ends at its moment, not a microsecond later`() throws {
    let before = try #require(Timestamp(microseconds: noon.microseconds - 1))
    let limited = grants(.deployer, until: noon)

    #expect(request(.rollBack).decide(limited, at: before).isAllowed)
    #expect(
      request(.rollBack).decide(limited, at: noon)
        == AccessDecision(verdict: .deny, reasons: [.grantExpired]))
  }

  @Test func `a withdrawn grant counts no more`() {
    var withdrawn = grants(.deployer)
    withdrawn.apply(
      .sample(.access(.withdrawn(AccessWithdrawn(actor: person))), in: .grant(person), by: person))

    #expect(
      request(.rollBack).decide(withdrawn, at: noon)
        == AccessDecision(verdict: .deny, reasons: [.noGrant]))
  }

  @Test func `the reason is that of the grant that came nearest`() {
    var both = grants(.viewer)
    both.apply(
      .sample(
        .access(
          .granted(
            AccessGranted(
              actor: person, applications: .all, environments: .only(["staging"]),
              role: .deployer))), in: .grant(person), by: person))

    #expect(
      request(.startDeployment).decide(both, at: noon)
        == AccessDecision(verdict: .deny, reasons: [.roleInsufficient]))
  }

  @Test func `what concerns no environment needs no grant for one`() {
    let decision = request(.recordBuild, in: nil).decide(
      grants(.deployer, in: .only(["staging"])), at: noon)

    #expect(decision.isAllowed)
  }

  @Test(arguments: [Action.addKey, .revokeKey, .reveal, .exportLedger, .startDeployment])
  func `who is granted one environment may not do what touches every one`(action: Action) {
    let request = AccessRequest(action, by: person, application: nil, environment: nil)

    #expect(request.decide(grants(.administrator), at: noon).isAllowed)
    #expect(
      request.decide(grants(.administrator, in: .only(["staging"])), at: noon)
        == AccessDecision(verdict: .deny, reasons: [.environmentNotGranted]))
    #expect(
      request.decide(grants(.administrator, of: .only(["tamma"])), at: noon)
        == AccessDecision(verdict: .deny, reasons: [.applicationNotGranted]))
  }

  /// Every action, role, reach and moment, against the rule said in another way.
  @Test func `a request is allowed exactly when the role, the reach and the time all do`() {
    let reaches: [(Reach<EnvironmentTag>, Bool, Bool)] = [
      (.all, true, true), (.only(["production"]), true, false), (.only(["staging"]), false, false),
      (.only([]), false, false),
    ]
    for action in Action.allCases {
      for role in AccessRole.allCases {
        let isRole = Self.allowed[role]?.contains(action) == true
        for (reach, hasProduction, hasEvery) in reaches {
          for until in [nil, noon, noon.adding(milliseconds: 1)] {
            let given = grants(role, in: reach, until: until)
            let isInTime = until.map { $0 > noon } ?? true
            let isFree = hasEvery || action == .recordBuild
            #expect(
              request(action).decide(given, at: noon).isAllowed
                == (isRole && (hasProduction || action == .recordBuild) && isInTime))
            #expect(
              request(action, in: nil).decide(given, at: noon).isAllowed
                == (isRole && isFree && isInTime))
          }
        }
      }
    }
  }

  private func suspended(
    in environments: Reach<EnvironmentTag>, of applications: Reach<ApplicationTag> = .all,
    until: Timestamp? = nil
  ) -> Grants {
    var grants = grants(.administrator)
    grants.apply(
      .sample(
        .access(
          .suspended(
            AccessSuspended(
              actor: person, applications: applications, environments: environments,
              until: until))), in: .grant(person), by: person))
    return grants
  }

  @Test func `a suspension wins over every grant, where and as long as it reaches`() {
    let deny = AccessDecision(verdict: .deny, reasons: [.suspended])
    let later = noon.adding(milliseconds: 1)

    #expect(request(.rollBack).decide(suspended(in: .all), at: noon) == deny)
    #expect(request(.rollBack).decide(suspended(in: .only(["production"])), at: noon) == deny)
    #expect(request(.rollBack).decide(suspended(in: .only(["staging"])), at: noon).isAllowed)
    #expect(
      request(.rollBack).decide(suspended(in: .all, of: .only(["other"])), at: noon).isAllowed)
    #expect(request(.rollBack).decide(suspended(in: .all, until: later), at: noon) == deny)
    #expect(request(.rollBack).decide(suspended(in: .all, until: noon), at: noon).isAllowed)
    #expect(
      request(.rollBack, by: stranger).decide(suspended(in: .all), at: noon).reasons == [.noGrant])
  }

  @Test func `what concerns no environment is only kept from whoever is suspended everywhere`() {
    let request = AccessRequest(.addKey, by: person, application: nil, environment: nil)

    #expect(!request.decide(suspended(in: .all), at: noon).isAllowed)
    #expect(request.decide(suspended(in: .only(["production"])), at: noon).isAllowed)
  }

  @Test func `who is reinstated has the grants from before`() {
    var grants = suspended(in: .all)
    grants.apply(
      .sample(
        .access(.reinstated(AccessReinstated(actor: person))), in: .grant(person), by: person))

    #expect(request(.rollBack).decide(grants, at: noon).isAllowed)
    #expect(grants.suspensions(of: person).isEmpty)
  }

  @Test(arguments: AccessReason.allCases)
  func `a reason has the same name in the ledger`(reason: AccessReason) {
    #expect(reason.code.rawValue == reason.rawValue)
  }

  @Test(arguments: Action.allCases)
  func `an action has the same name in the ledger`(action: Action) {
    #expect(action.code.rawValue == action.rawValue)
  }
}

extension Recorded {
  /// An event as a ledger would give it; only who and what matter here.
  fileprivate static func sample(
    _ event: LedgerEvent, in stream: StreamName, by actor: ActorID
  ) -> Recorded {
    Recorded(
      position: 1, index: 0, recorded: .earliest,
      entry: .make(at: .earliest, random: [UInt8](repeating: 1, count: 10)), actor: actor,
      behalf: nil, scope: Scope(), stream: stream, version: 1, event: event)
  }
}
