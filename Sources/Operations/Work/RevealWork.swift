import Access
import CanonicalJSON
import Events
import LedgerStore

/// `stele show --reveal`: opens the personal values of one entry, once that was allowed and the
/// decision is in the ledger.
package struct RevealWork: Sendable {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// - Parameters:
  ///   - places: The entry's sealed values; for none nobody is asked and nothing recorded.
  ///   - scope: What the entry is about.
  /// - Throws: ``AccessDenied`` after the denial was recorded; `LedgerError.vaultLocked(path:)`,
  /// and
  ///   `LedgerError.sealedDiffers(position:pointer:)` for a value that the body does not commit to.
  package func reveal(
    _ places: [SealedPlace], at position: Int, scope: Scope, by person: Signer
  ) async throws -> [SealedPlace: Revealed] {
    guard !places.isEmpty else { return [:] }
    _ = try await session.authorize(
      .reveal, by: person, application: scope.application, environment: scope.environment)
    var revealed: [SealedPlace: Revealed] = [:]
    for place in places {
      revealed[place] = try session.ledger.reveal(
        at: position, index: place.index, pointer: place.pointer)
    }
    return revealed
  }
}
