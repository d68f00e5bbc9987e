import CanonicalJSON
import Events
import Operations

extension CommandContext {
  /// Changes somebody's access, and says where that stands.
  func change(
    _ change: AccessChange, for actor: ActorArgument, on grounds: AccessGrounds,
    as format: OutputFormat
  ) async throws {
    let session = try appending()
    let who = try actor.resolve(in: self, await session.state())
    let position = try await AccessWork(session).change(change, for: who, on: grounds)
    try await session.close()
    var fields: JSONObject = [
      "actor": .string("\(who)"), "change": .string(change.word),
      "position": .integer(Int64(position)),
    ]
    fields["role"] = change.role.map { .string($0.rawValue) }
    try present(
      Document(
        schema: "stele.access.\(change.word)", fields: fields, records: [fields],
        text: ["\(change.summary) \(who), at position \(position)"]), as: format)
  }
}

extension AccessChange {
  fileprivate var word: String {
    switch self {
    case .grant: "grant"
    case .revoke: "revoke"
    case .suspend: "suspend"
    case .reinstate: "reinstate"
    case .review: "review.decide"
    }
  }

  fileprivate var role: AccessRole? {
    switch self {
    case .grant(let role, _, _): role
    case .revoke(let role): role
    case .suspend, .reinstate, .review: nil
    }
  }

  fileprivate var summary: String {
    switch self {
    case .grant(let role, let reaching, let until):
      "granted \(role.rawValue) in \(reaching.environments.summary)\(Self.end(until)) to"
    case .revoke(let role): "revoked \(role.map { "\($0.rawValue) of" } ?? "every grant of")"
    case .suspend(let reaching, let until):
      "suspended in \(reaching.environments.summary)\(Self.end(until)):"
    case .reinstate: "reinstated"
    case .review(let grant, .kept): "reviewed and kept grant \(grant) of"
    case .review(let grant, .withdrawn): "reviewed and withdrew grant \(grant) of"
    }
  }

  private static func end(_ until: Timestamp?) -> String { until.map { " until \($0)" } ?? "" }
}
