import Access
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// A plan that waits for approvals, as the ledger has it.
struct PlanView {
  private let waiting: Approvals.Review
  private let state: LedgerState
  /// Counted as if whoever asked for it deployed it.
  private let count: PlanReview

  init(_ waiting: Approvals.Review, _ moment: Session.Moment) {
    self.waiting = waiting
    state = moment.state
    count = PlanReview(
      of: waiting.digest, in: waiting.place, by: waiting.rule, state.approvals, state.grants,
      state.keys,
      people: PlanPeople(
        of: waiting.plan.build, in: waiting.place, by: waiting.actor, on: state),
      at: moment.time)
  }

  private var plan: ReviewedPlan { waiting.plan }

  /// `1 of 2 approvals`.
  var standing: String {
    let standing = "\(count.approvals.count) of \(count.rule.quorum) approvals"
    return count.rejections.isEmpty ? standing : standing + ", rejected"
  }

  /// `production#811`, or that there is none yet.
  private var base: String { plan.base == 0 ? "nothing" : "\(plan.environment)#\(plan.base)" }

  /// The cells of a table of plans.
  func add(to table: inout Table) {
    table.add(
      waiting.digest.shortText, plan.environment.rawValue, plan.build.shortText, base, standing,
      waiting.recorded.seconds, "\(waiting.actor)")
  }

  static let table = Table(
    .init("PLAN"), .init("ENVIRONMENT"), .init("BUILD"), .init("AFTER"),
    .init("STANDING", .left, .wraps(comfort: 12)), .init("ASKED", .left, .yields),
    .init("BY", .left, .yields))

  /// Everything that is approved with it.
  var passages: [Passage] {
    var text: [Passage] = [
      "plan         \(waiting.digest)",
      "brings       \(built)",
      "with         configuration \(plan.configuration.shortText), policy \(plan.policy.shortText)",
      "after        \(base) of \(plan.application)",
      .hanging("asked for by \(waiting.actor), \(waiting.recorded.seconds)", indent: 13),
      .hanging("needs        \(needs)", indent: 13),
    ]
    if count.isAuthorUnknown {
      text.append(
        .hanging("no approval counts: jobs made the build and say nobody who wrote it", indent: 13))
    }
    text += count.approvals.map { "approved by  \($0.actor), \($0.recorded.seconds)" }
    text += count.ineligible.map {
      .hanging(
        "not counted  \($0.approval.actor), \($0.reason.words), \($0.approval.recorded.seconds)",
        indent: 13)
    }
    text += count.rejections.map { "rejected by  \($0.actor), \($0.recorded.seconds)" }
    let difference = difference
    text += difference.isEmpty ? ["The configuration stays what it is."] : difference.passages
    return text
  }

  private var built: String {
    var words = "build \(plan.build.shortText)"
    if let promotes = plan.promotes { words += " of \(promotes)" }
    guard let build = state.builds[plan.build] else { return words }
    let others = build.authors.makers.subtracting([build.actor]).sorted()
    words += ", made by " + ([build.actor] + others).map { "\($0)" }.joined(separator: ", ")
    if let commit = build.change.commit { words += ", commit \(commit)" }
    return words
  }

  private var needs: String {
    let rule = waiting.rule
    let who =
      rule.approvers.map { $0.sorted().map { "\($0)" }.joined(separator: ", ") }
      ?? "whoever may approve"
    let apart =
      switch rule.separation {
      case .all: "; author, approver and deployer are three people"
      case .approver: "; no author or deployer approves"
      case .none: ""
      }
    return "\(rule.quorum) of \(who), each no older than \(rule.expiryMinutes) min\(apart)"
  }

  /// From what runs there to what is planned.
  private var difference: [ConfigurationDifference] {
    let now = state.running.running(in: waiting.place).flatMap {
      state.configurations.version($0.configurationVersion, in: waiting.place)
    }
    return ConfigurationDifference.all(from: now?.configuration, to: waiting.configuration)
  }

  var record: JSONObject {
    var record = plan.data
    record["plan"] = .string(waiting.digest.description)
    record["approvals"] = .array(
      (count.approvals.map { word($0, isCounted: true) }
        + count.ineligible.map { one in
          word(one.approval, isCounted: false, because: one.reason)
        }))
    record["difference"] = .array(difference.map { .object($0.json) })
    record["missing"] = .integer(Int64(count.missing))
    record["position"] = .integer(Int64(waiting.position))
    record["recorded"] = .string("\(waiting.recorded)")
    record["rejections"] = .array(count.rejections.map { word($0, isCounted: true) })
    record["requester"] = .string("\(waiting.actor)")
    record["rule"] = .object(waiting.rule.data)
    return record
  }

  private func word(
    _ word: Approvals.Word, isCounted: Bool, because reason: IneligibleReason? = nil
  ) -> JSONValue {
    var object: JSONObject = [
      "actor": .string("\(word.actor)"), "counts": .bool(isCounted),
      "position": .integer(Int64(word.position)), "recorded": .string("\(word.recorded)"),
    ]
    object["reason"] = reason.map { .string($0.rawValue) }
    return .object(object)
  }
}
