import Events
import LedgerStore
import Projections

/// What was said of one person's access before a moment, folded from their own entries: of all
/// others nothing has to be read.
package struct AccessStanding: Sendable {
  package private(set) var grants = Grants()
  /// Whom tokens prove, of this person.
  package private(set) var identities = Identities()

  fileprivate mutating func apply(_ recorded: Recorded) {
    grants.apply(recorded)
    identities.apply(recorded)
  }
}

extension Session {
  /// What somebody might do at a moment.
  ///
  /// - Throws: `LedgerError` for an entry that cannot be read.
  package func standing(of actor: ActorID, at moment: Instant) throws -> AccessStanding {
    try ledger.read { reader in
      var standing = AccessStanding()
      let positions = try reader.positions(matching: EntryFilter(stream: .grant(actor)))
      for position in positions.prefix(while: { $0 < moment.size }) {
        for event in try reader.entry(at: position).read().events { standing.apply(event) }
      }
      return standing
    }
  }
}
