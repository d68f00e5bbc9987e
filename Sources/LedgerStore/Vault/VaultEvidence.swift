import CanonicalJSON
import Events

/// What the ledger says last of sealed values, held against a vault that may have lost the end of
/// its files: what is sealed after that would hide it, and a new key of a person would lose theirs.
struct VaultEvidence {
  private let rows: Statement
  private let path: String
  private let erased: Set<SubjectID>
  private let givenUp: RangeSet<Int>

  /// - Parameters:
  ///   - ledger: A connection to it.
  ///   - path: Of the vault, for errors.
  ///   - secrets: With the files that remember who was erased, and what was given up.
  init(
    _ ledger: Connection, path: String, _ secrets: LedgerSecrets
  ) throws(LedgerError) {
    erased =
      try secrets.tombstones.map { path throws(LedgerError) in
        try TombstoneFile(path: path).subjects()
      } ?? []
    rows = try Statement(
      """
      SELECT position, header, body FROM body JOIN entry USING (position)
      WHERE instr(body, '"$sealed"') > 0 ORDER BY position DESC
      """, on: ledger)
    givenUp = try secrets.givenUp?.entries() ?? RangeSet()
    self.path = path
  }

  /// Opens the newest value that was sealed and not erased since.
  ///
  /// - Throws: ``LedgerError/vaultBehind(path:position:)``;
  ///   ``LedgerError/rowDamaged(position:detail:)``.
  func check(_ vault: Vault) throws(LedgerError) {
    defer { rows.reset() }
    while try rows.step() {
      let position = rows.integer(0)
      if givenUp.contains(position) { continue }
      let (header, places) = try sealed(at: position)
      var isOpened = false
      for place in places {
        let isErased = try vault.isErased(place.sealed.subject)
        if isErased || erased.contains(place.sealed.subject) { continue }
        let value = try vault.open(place, of: header.entry, origin: header.ledger)
        guard value != nil else { throw LedgerError.vaultBehind(path: path, position: position) }
        isOpened = true
      }
      if isOpened { return }
    }
  }

  private func sealed(
    at position: Int
  ) throws(LedgerError) -> (EntryHeader, [SealedPlace]) {
    do {
      let header = try EntryHeader(parsing: rows.bytes(1))
      let body = try EntryBody(parsing: rows.bytes(2))
      return (header, SealedPlace.all(in: body.data))
    } catch {
      throw LedgerError.rowDamaged(position: position, detail: error.clause)
    }
  }
}
