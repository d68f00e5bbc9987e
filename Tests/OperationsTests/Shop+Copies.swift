import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import TestKit
import Testing

@testable import Operations

extension Shop {
  /// Seals a comment of the person's own.
  @discardableResult
  func approve(_ words: String, in session: Session? = nil) async throws -> Recording {
    let session = session ?? self.session
    let comment = try SealedValue(.string(words), of: person.actor, random: SystemRandom())
    let given = DraftEvent(
      kind: "approval.given.v1",
      data: ["action": "deployment.start", "comment": comment.sealed.json],
      in: .approval("staging"), scope: Scope(environment: "staging"))
    let expects: [StreamName: Int] = [.grant(person.actor): 1]
    return try await session.record(
      EntryDraft([given], expects: expects), by: person, sealed: [comment])
  }

  @discardableResult
  func backUp(
    to path: String, peopleKeys: String? = nil,
    reached: @escaping @Sendable (BackupPoint) throws -> Void = { _ in }
  ) async throws -> BackupWork.Made {
    try await BackupWork(workspace, variables: variables, reached: reached).backUp(
      to: path, peopleKeys: peopleKeys, vkey: nil, progress: { _ in })
  }
}
