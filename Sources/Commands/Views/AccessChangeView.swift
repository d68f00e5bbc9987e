import CanonicalJSON
import Events
import Operations
import Projections

extension CommandContext {
  /// Changes somebody's access, and says where that stands.
  func change(
    _ change: AccessChange, for actor: ActorArgument, on grounds: AccessGrounds,
    as format: OutputFormat
  ) async throws {
    try await self.change(change, on: grounds, as: format) { session, state in
      try actor.resolve(in: self, state)
    }
  }

  /// - Parameter who: Says whose access it is.
  func change(
    _ change: AccessChange, on grounds: AccessGrounds, as format: OutputFormat,
    of who: (Session, LedgerState) throws -> ActorID
  ) async throws {
    let session = try administering()
    let who = try who(session, await session.state())
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
    if case .addIdentity = change {
      note("Next: stele access grant \(who) --role deployer --environment staging")
    }
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
    case .addIdentity: "identity.add"
    case .removeIdentity: "identity.rm"
    }
  }

  fileprivate var role: AccessRole? {
    switch self {
    case .grant(let role, _, _): role
    case .revoke(let role): role
    case .suspend, .reinstate, .review, .addIdentity, .removeIdentity: nil
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
    case .addIdentity(let binding): "a token of \(binding.issuer) with these claims proves"
    case .removeIdentity(let number): "removed identity \(number) of"
    }
  }

  private static func end(_ until: Timestamp?) -> String { until.map { " until \($0)" } ?? "" }
}
