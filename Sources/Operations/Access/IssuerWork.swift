import Access
import Events
import Foundation
import LedgerStore
import Projections
import Tokens

/// `stele access issuer`: an administrator says whose tokens count.
package struct IssuerWork: Sendable {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// An issuer as somebody names it, with the keys of a file that it publishes.
  ///
  /// - Throws: ``IssuerError``.
  package static func issuer(
    _ name: String, audience: String, keys path: String
  ) throws(IssuerError) -> (issuer: TrustedIssuer, leftOut: [IssuerKeySet.LeftOut]) {
    guard let issuer = MachineWords(dataText: name) else { throw .notURL(MachineWords(name)) }
    guard let audience = MachineWords(dataText: audience) else { throw .noAudience }
    let set: IssuerKeySet
    do throws(KeySetFault) {
      set = try IssuerKeySet(parsing: Array(FileManager.default.contents(atPath: path) ?? Data()))
    } catch {
      throw .keySet(path: path, error)
    }
    return (TrustedIssuer(issuer: issuer, audience: audience, keys: set.keys), set.leftOut)
  }

  /// What is said of an issuer.
  package enum Change: Sendable, Equatable {
    /// It counts with this audience and these keys, and no others that were said before.
    case add(TrustedIssuer)
    case remove(MachineWords)
  }

  /// Decides and records: the decision signed by the service, the change by the administrator.
  ///
  /// Commit point: the entry of the change. A crash before it leaves a decision on which nothing
  /// rests.
  ///
  /// - Returns: Where it stands.
  /// - Throws: ``IssuerError``; ``AccessDenied`` after the denial was recorded; `KeyFileError`.
  package func change(_ change: Change, on grounds: AccessGrounds) async throws -> Int {
    let administrator = try await session.signer(.administrator)
    try await session.state().check(change)
    let authorization = try await session.authorize(
      .trustIssuer, by: administrator, application: nil, environment: nil)
    let sealed = try await session.seal(grounds.reason, of: administrator)
    let event = change.event(reason: sealed?.sealed, ticket: grounds.ticket)
    return try await session.resting(on: authorization, .trustIssuer, by: administrator) {
      session, state, granted in
      try state.check(change)
      return try session.record(
        EntryDraft([event], resting: granted), by: administrator,
        sealed: sealed.map { [$0] } ?? [],
        versions: [.issuers: state.identities.version + 1]
      ).position
    }
  }
}

extension IssuerWork.Change {
  fileprivate func event(reason: Sealed?, ticket: Ticket?) -> DraftEvent {
    switch self {
    case .add(let issuer):
      DraftEvent(
        AccessIssuerAdded(
          issuer: issuer.issuer, audience: issuer.audience, keys: issuer.keys, reason: reason,
          ticket: ticket), in: .issuers)
    case .remove(let issuer):
      DraftEvent(
        AccessIssuerRemoved(issuer: issuer, reason: reason, ticket: ticket), in: .issuers)
    }
  }
}

extension LedgerState {
  fileprivate func check(_ change: IssuerWork.Change) throws(IssuerError) {
    switch change {
    case .add(let issuer):
      guard issuer.issuer.text.hasPrefix("https://") else { throw .notURL(issuer.issuer) }
      guard let known = identities.issuer(issuer.issuer) else { return }
      if known.audience == issuer.audience, known.keys == issuer.keys {
        throw .unchanged(issuer.issuer, at: known.position)
      }
    case .remove(let issuer):
      guard identities.issuer(issuer) != nil else { throw .unknown(issuer) }
    }
  }
}

/// Why nothing was said of an issuer; the ledger is as it was.
package enum IssuerError: ExitingError, Equatable {
  case notURL(MachineWords)
  case unknown(MachineWords)
  case unchanged(MachineWords, at: Int)
  case keySet(path: String, KeySetFault)
  case noAudience

  package var exitStatus: ExitStatus { .badData }

  package var description: String {
    switch self {
    case .notURL(let issuer):
      """
      Nothing was recorded: an issuer is a URL that begins with https://, and not '\(issuer)'.
      Write it as its tokens have it in `iss`, every byte.
      """
    case .unknown(let issuer):
      """
      Nothing was recorded: no tokens of '\(issuer)' count.
      See whose do with `stele access issuer list`.
      """
    case .unchanged(let issuer, let position):
      """
      Nothing was recorded: \(issuer) has this audience and these keys since position \(position).
      See them with `stele access issuer list`.
      """
    case .noAudience:
      """
      Nothing was recorded: an audience has 1 to \(MachineWords.byteLimit) bytes.
      Name one that its tokens for this ledger have, and no others: --audience stele
      """
    case .keySet(let path, let fault):
      """
      Nothing was recorded: \(path) \(fault.clause).
      Save what the issuer publishes as its `jwks_uri`.
      """
    }
  }
}

extension KeySetFault {
  fileprivate var clause: String {
    switch self {
    case .notAKeySet: "is no JSON Web Key Set with each member once"
    case .tooMany(let count):
      "has \(count) keys, and \(IssuerKeySet.keysMax) can be"
    case .secret(let kid):
      "has a key\(kid.map { ", \($0)," } ?? "") that has to stay secret, and only public ones "
        + "belong here"
    case .kidTwice(let kid): "has two keys of the kid \(kid)"
    case .noKey(let reasons):
      "has no key that tokens can be checked with"
        + (reasons.isEmpty ? "" : ": \(Set(reasons).sorted().joined(separator: "; "))")
    }
  }
}
