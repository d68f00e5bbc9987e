import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// Which plan is meant, and what somebody says of it.
struct ApprovalOptions: ParsableArguments {
  @Option(help: "The plan's digest or its beginning; may be left out where only one waits.")
  var plan: String?

  @Option(help: "What you think of it, in your own words; kept where it can be erased.")
  var comment: String?

  @Flag(help: "Do not ask, in production either.")
  var yes = false

  /// - Throws: `ValidationError` for what is no digest.
  func prefix() throws -> String? {
    guard let plan else { return nil }
    let hex = plan.hasPrefix("sha256:") ? String(plan.dropFirst(7)) : plan
    guard hex.wholeMatch(of: /[0-9a-f]{4,64}/) != nil else {
      throw ValidationError(
        "'\(plan)' is no digest: write four of its digits or more, as `stele pending` shows them")
    }
    return hex
  }
}

extension ApprovalWork.Word {
  /// As in `stele approve`.
  fileprivate var verb: String {
    switch self {
    case .approve: "approve"
    case .reject: "reject"
    case .withdraw: "withdraw"
    }
  }

  /// The beginning of a question.
  fileprivate var question: String {
    switch self {
    case .approve: "Approve"
    case .reject: "Reject"
    case .withdraw: "Take back what you said of"
    }
  }

  fileprivate var done: String {
    switch self {
    case .approve: "approved"
    case .reject: "rejected"
    case .withdraw: "taken back what was said of"
    }
  }
}

extension CommandContext {
  /// Shows a plan, has somebody confirm that it is the one, and records their word of it.
  func say(
    _ word: ApprovalWork.Word, in environment: EnvironmentArgument, _ words: ApprovalOptions,
    _ identity: IdentityOptions, as format: OutputFormat
  ) async throws {
    let environment = try environment.detect(in: self).certain()
    let prefix = try words.prefix()
    let session = try appending()
    let place = try await place(environment, in: session)
    let person = try await session.person(identity.credential(in: self))
    let work = ApprovalWork(session)
    let authorization = try await work.authorize(in: place, by: person)
    let review = try await work.find(prefix, in: place)
    note(PlanView(review, try await session.now()).passages)
    try confirm(
      environment, "\(word.question) plan \(review.digest.shortText) of \(environment)?",
      yes: words.yes)
    let position = try await work.say(
      word, of: review, by: person, comment: words.comment, resting: authorization)
    let now = PlanView(
      try await work.find(review.digest.sha256.hex, in: place), try await session.now())
    try await session.close()
    var fields = now.record
    fields["said"] = .integer(Int64(position))
    try present(
      Document(
        schema: "stele.\(word.verb)", fields: fields, records: [fields],
        text: [
          .line(
            "\(word.done) plan \(review.digest.shortText) of \(environment), at position "
              + "\(position): \(now.standing)")
        ]), as: format)
  }
}
