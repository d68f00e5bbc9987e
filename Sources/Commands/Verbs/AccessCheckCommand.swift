import Access
import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele access check`: whether somebody may, and why.
package struct AccessCheckCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say whether somebody may do something; exits 4 when not.",
    discussion: """
      By the rule that decides every command, with the grants of now or of a moment, and by token \
      for who has no key. Nothing is recorded.

        $ stele access check ada.pem deployment.start production
        $ stele access check 01992f3b access.grant all
        $ stele access check 01992f3b deployment.rollBack production@2026-11-01Z
        $ stele access check 01992f3b build.record all@2026-11-01Z
      """)

  @OptionGroup var actor: ActorArgument
  @Argument(help: "An action, such as deployment.start.") var action: String

  @Argument(help: "An environment, now or at a moment; all for what concerns no environment.")
  var place: String

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let action = try action(named: action)
    let session = try context.reading()
    let (instant, application, environment) = try await instant(in: context, session)
    let state = try await session.state()
    let who = try actor.resolve(in: context, state)
    let standing = try await session.standing(of: who, at: instant)
    let request = AccessRequest(
      action, by: who, application: application, environment: environment,
      isAttested: !standing.identities.of(who).isEmpty
        && !state.keys.all.contains { $0.owner == who && $0.signs(instant.size) })
    let decision = request.decide(standing.grants, at: instant.time)
    try context.present(
      document(request, decision, standing.grants, at: instant.time), as: output.output)
    if !decision.isAllowed { throw Verdict(.deniedByPolicy) }
  }

  private func action(named word: String) throws -> Action {
    if let action = Action(rawValue: word) { return action }
    let words = Action.allCases.map(\.rawValue)
    let near = Spelling.suggestion(for: word, among: words)
    throw ValidationError(
      "'\(word)' is no action: "
        + (near.map { "did you mean \($0)?" } ?? "write one of \(words.joined(separator: ", "))"))
  }

  private typealias Where = (Session.Instant, ApplicationName?, EnvironmentName?)

  private func instant(in context: CommandContext, _ session: Session) async throws -> Where {
    guard place != "all" else { return (try await session.thisInstant(), nil, nil) }
    if place.hasPrefix("all@") {
      let time = try context.past(String(place.dropFirst("all@".count)))
      return (try await session.instant(at: time), nil, nil)
    }
    guard place.isSelector else {
      let place = try await context.place(KnownEnvironment(argument: place), in: session)
      return (try await session.thisInstant(), place.application, place.environment)
    }
    let selector = try context.selector(place)
    let found = try await context.place(
      KnownEnvironment(argument: selector.environment.rawValue), in: session)
    return (
      try await session.instant(of: selector, in: found), found.application, found.environment
    )
  }

  private func document(
    _ request: AccessRequest, _ decision: AccessDecision, _ grants: Grants, at moment: Timestamp
  ) -> Document {
    let suspension = request.suspension(among: grants, at: moment)
    let grant = request.grant(among: grants, at: moment)
    let position = suspension?.position ?? grant?.position
    var fields: JSONObject = [
      "action": .string(request.action.rawValue), "actor": .string("\(request.actor)"),
      "decision": .string(decision.verdict.rawValue), "moment": .string("\(moment)"),
      "reasons": .array(decision.reasons.map { .string($0.rawValue) }),
      "roles": .array(request.action.roles.map { .string($0.rawValue) }),
    ]
    fields["environment"] = request.environment.map { .string($0.rawValue) }
    fields["position"] = position.map { .integer(Int64($0)) }
    return Document(
      schema: "stele.access.check", fields: fields, records: [fields],
      text: text(request, decision, position))
  }

  private func text(
    _ request: AccessRequest, _ decision: AccessDecision, _ position: Int?
  ) -> [Passage] {
    let place = request.environment.map { " in \($0)" } ?? ""
    let reasons = decision.reasons.map(\.rawValue).joined(separator: ", ")
    let rests = position.map { ", by the entry at position \($0)" } ?? ""
    let verdict = decision.isAllowed ? "allowed" : "denied"
    let first: Passage = .hanging(
      "\(verdict): \(request.action.rawValue)\(place) to \(request.actor): \(reasons)\(rests)",
      indent: 2)
    if decision.isAllowed { return [first] }
    guard !decision.reasons.contains(.suspended) else {
      return [first, "it takes an end of the suspension: stele access reinstate \(request.actor)"]
    }
    guard !decision.reasons.contains(.ownKeyNeeded) else {
      return [first, "it takes a key of their own: stele key add --owner \(request.actor)"]
    }
    let roles = request.action.roles.map(\.rawValue).joined(separator: " or ")
    return [first, "it takes the role \(roles)"]
  }
}
