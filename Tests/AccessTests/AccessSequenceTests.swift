import CanonicalJSON
import Events
import Foundation
import Projections
import TestKit
import Testing

@testable import Access

/// Whatever is granted, withdrawn, suspended and reinstated in whatever order: nobody acts outside
/// what the events say, read one by one backwards.
@Suite struct AccessSequenceTests {
  private let people = (0..<3).map {
    ActorID.make(at: .earliest, random: [UInt8](repeating: UInt8($0), count: 10))
  }
  private let environments: [Reach<EnvironmentTag>] = [
    .all, .only(["production"]), .only(["staging"]), .only(["production", "staging"]),
  ]
  private let applications: [Reach<ApplicationTag>] = [.all, .only(["tamma"]), .only(["other"])]

  @Test(arguments: 0..<40)
  func `a decision is what the events say, read from the newest`(seed: UInt64) {
    var random = Dice(seed)
    var grants = Grants()
    var told: [AccessEvent] = []
    for position in 0..<60 {
      let event = event(&random)
      told.append(event)
      grants.apply(recorded(event, at: position))
      for _ in 0..<6 {
        let request = request(&random)
        let now = moment(random.below(8))
        #expect(
          request.decide(grants, at: now).isAllowed == isAllowed(request, told, at: now),
          "\(request) after \(told.count) events")
      }
    }
  }

  @Test func `a decision is what Cedar decides`() async throws {
    var cases: [JSONValue] = []
    var answers: [[Bool]] = []
    for seed in 1_000..<1_100 {
      var random = Dice(UInt64(seed))
      var grants = Grants()
      let told = (0..<(5 + random.below(40))).map { _ in event(&random) }
      for (position, event) in told.enumerated() { grants.apply(recorded(event, at: position)) }
      let asked = (0..<50).map { _ in (request(&random), random.below(8)) }
      cases.append([
        "events": .array(told.map(\.forCedar)),
        "requests": .array(asked.map { $0.forCedar(at: $1) }),
      ])
      answers.append(asked.map { $0.decide(grants, at: moment($1)).isAllowed })
    }

    let said = try await TestProgram.python(
      ["\(Bundle.module.bundlePath)/Fixtures/cedar_decisions.py"],
      input: Data(JSONValue.array(cases).canonicalText().utf8))
    let theirs = try JSONDecoder().decode([[Bool]].self, from: said.output)

    #expect(theirs == answers)
    #expect(answers.joined().contains(true))
  }

  /// The rules said over the events themselves, without a projection.
  private func isAllowed(
    _ request: AccessRequest, _ told: [AccessEvent], at now: Timestamp
  ) -> Bool {
    var isReinstated = false
    var withdrawn: Set<AccessRole> = []
    var reviewed: Set<Int> = []
    var isAllowed = false
    for (number, event) in zip(1..., told).reversed() {
      switch event {
      case .reinstated(let one) where one.actor == request.actor: isReinstated = true
      case .suspended(let one) where one.actor == request.actor && !isReinstated:
        let hits =
          (request.environment.map(one.environments.covers) ?? (one.environments == .all))
          && (request.application.map(one.applications.covers) ?? (one.applications == .all))
        if hits, one.until.map({ now < $0 }) ?? true { return false }
      case .withdrawn(let one) where one.actor == request.actor:
        withdrawn.formUnion(one.role.map { [$0] } ?? Set(AccessRole.allCases))
      case .reviewed(let one) where one.actor == request.actor && one.finding == .withdrawn:
        reviewed.insert(one.grant)
      case .granted(let one) where one.actor == request.actor && !withdrawn.contains(one.role):
        guard !reviewed.contains(number),
          AccessDecisionTests.allowed[one.role]?.contains(request.action) == true,
          one.until.map({ now < $0 }) ?? true
        else { continue }
        isAllowed =
          isAllowed
          || (request.action == .recordBuild
            || (request.environment.map(one.environments.covers) ?? (one.environments == .all)))
            && (request.application.map(one.applications.covers) ?? (one.applications == .all))
      case .reinstated, .suspended, .withdrawn, .granted, .reviewed, .decided, .issuerAdded,
        .issuerRemoved, .identityAdded, .identityRemoved, .attested:
        break
      }
    }
    return isAllowed
  }

  private func event(_ random: inout Dice) -> AccessEvent {
    let actor = people[random.below(people.count)]
    let until = random.below(2) == 0 ? nil : moment(random.below(8))
    let role = AccessRole.allCases[random.below(AccessRole.allCases.count)]
    let reach = environments[random.below(environments.count)]
    let scope = applications[random.below(applications.count)]
    switch random.below(9) {
    case 0: return .withdrawn(AccessWithdrawn(actor: actor, role: role))
    case 1: return .withdrawn(AccessWithdrawn(actor: actor))
    case 2:
      return .suspended(
        AccessSuspended(actor: actor, applications: scope, environments: reach, until: until))
    case 3: return .reinstated(AccessReinstated(actor: actor))
    case 4:
      return .reviewed(
        AccessReviewed(
          actor: actor, grant: 1 + random.below(30),
          finding: random.below(2) == 0 ? .kept : .withdrawn,
          rationale: Sealed(
            commitment: Digest(bytes: Array(repeating: 1, count: 32)), subject: actor)))
    default:
      return .granted(
        AccessGranted(
          actor: actor, applications: scope, environments: reach, role: role, until: until))
    }
  }

  private func request(_ random: inout Dice) -> AccessRequest {
    AccessRequest(
      Action.allCases[random.below(Action.allCases.count)],
      by: people[random.below(people.count)],
      application: [nil, "tamma", "other"][random.below(3)],
      environment: [nil, "production", "staging", "development"][random.below(4)])
  }

  private func moment(_ hour: Int) -> Timestamp {
    Timestamp.earliest.adding(milliseconds: hour * 3_600_000)
  }

  private func recorded(_ event: AccessEvent, at position: Int) -> Recorded {
    Recorded(
      position: position, index: 0, recorded: .earliest,
      entry: .make(at: .earliest, random: [UInt8](repeating: 1, count: 10)), actor: people[0],
      behalf: nil, scope: Scope(), stream: .grant(people[0]), version: position + 1,
      event: .access(event))
  }
}

extension AccessEvent {
  fileprivate var forCedar: JSONValue {
    switch self {
    case .granted(let one):
      object(
        "granted", one.actor, one.until,
        [
          "applications": one.applications.json, "environments": one.environments.json,
          "role": .string(one.role.rawValue),
        ])
    case .withdrawn(let one):
      object(
        "withdrawn", one.actor, nil, one.role.map { ["role": .string($0.rawValue)] } ?? [:])
    case .suspended(let one):
      object(
        "suspended", one.actor, one.until,
        [
          "applications": one.applications.json, "environments": one.environments.json,
        ])
    case .reinstated(let one): object("reinstated", one.actor, nil, [:])
    case .reviewed(let one):
      object(
        "reviewed", one.actor, nil,
        ["finding": .string(one.finding.rawValue), "grant": .integer(Int64(one.grant))])
    case .decided, .issuerAdded, .issuerRemoved, .identityAdded, .identityRemoved, .attested: .null
    }
  }

  private func object(
    _ what: String, _ actor: ActorID, _ until: Timestamp?, _ fields: JSONObject
  ) -> JSONValue {
    var object = fields
    object["is"] = .string(what)
    object["actor"] = .string("\(actor)")
    object["until"] = until.map { .integer($0.microseconds / 3_600_000_000) }
    return .object(object)
  }
}

extension AccessRequest {
  fileprivate func forCedar(at hour: Int) -> JSONValue {
    var object: JSONObject = [
      "action": .string(action.rawValue), "actor": .string("\(actor)"),
      "now": .integer(Int64(hour)),
    ]
    object["application"] = application.map { .string($0.rawValue) }
    object["environment"] = environment.map { .string($0.rawValue) }
    return .object(object)
  }
}
