import Events

/// The two halves of an erasure, each in its own database, which may both be repeated, and what is
/// said of it.
extension Connection {
  /// In people's keys: destroys the person's key, and remembers that it is gone.
  ///
  /// Commit point: the COMMIT; until the log is emptied after it the key is still on the disk.
  func erasePerson(_ subject: SubjectID, at time: Timestamp) throws(LedgerError) {
    try transaction { () throws(LedgerError) in
      try Statement("DELETE FROM person WHERE subject = ?", on: self)
        .bindBlob(1, subject.bits.bytes).run()
      try Statement("INSERT OR IGNORE INTO tombstone VALUES (?, ?)", on: self)
        .bindBlob(1, subject.bits.bytes).bind(2, time.microseconds).run()
    }
  }

  /// In the vault: every ciphertext of theirs.
  func eraseValues(of subject: SubjectID) throws(LedgerError) {
    try Statement("DELETE FROM sealed WHERE subject = ?", on: self)
      .bindBlob(1, subject.bits.bytes).run()
  }

  /// In people's keys: that no key is left of anybody who is erased.
  ///
  /// - Throws: ``LedgerError/erasureForged(path:people:)``.
  func checkErasures() throws(LedgerError) {
    let both = try text("SELECT count(*) FROM tombstone JOIN person USING (subject)")
    guard let people = both.flatMap({ Int($0) }), people > 0 else { return }
    throw LedgerError.erasureForged(path: path, people: people)
  }

  /// In people's keys: that no key is left of anybody in `erased`, whom the ledger records so.
  ///
  /// - Throws: ``LedgerError/erasureUndone(path:people:)``.
  func checkErasures(of erased: Set<SubjectID>) throws(LedgerError) {
    let key = try Statement("SELECT 1 FROM person WHERE subject = ?", on: self)
    var people = 0
    for subject in erased {
      key.bindBlob(1, subject.bits.bytes)
      defer { key.reset() }
      people += try key.step() ? 1 : 0
    }
    if people > 0 { throw LedgerError.erasureUndone(path: path, people: people) }
  }

  /// In the ledger: who is recorded as erased, by the headers of the entries that say so. Whether
  /// those are what was signed is for `verify`: nothing is destroyed on their word alone.
  ///
  /// - Throws: ``LedgerError/rowDamaged(position:detail:)``: it cannot be read who was.
  func recordedErasures() throws(LedgerError) -> Set<SubjectID> {
    let rows = try Statement(
      """
      SELECT position, entry.header FROM stream JOIN run ON run.stream = stream.id
      JOIN entry USING (position) WHERE stream.name > 'privacy/' AND stream.name < 'privacy0'
      """, on: self)
    defer { rows.reset() }
    var subjects: Set<SubjectID> = []
    while try rows.step() {
      let header: EntryHeader
      do { header = try EntryHeader(parsing: rows.bytes(1)) } catch {
        throw LedgerError.rowDamaged(position: rows.integer(0), detail: error.clause)
      }
      for run in header.events where run.kind == PrivacyErased.kind {
        let name = run.stream.text.dropFirst("privacy/".count)
        if let subject = SubjectID(dataText: String(name)) { subjects.insert(subject) }
      }
    }
    return subjects
  }

  /// In people's keys: who is erased.
  func tombstones() throws(LedgerError) -> Set<SubjectID> {
    let rows = try Statement("SELECT subject FROM tombstone", on: self)
    defer { rows.reset() }
    var subjects: Set<SubjectID> = []
    while try rows.step() {
      if let subject = SubjectID(bits: try rows.uuid(0)) { subjects.insert(subject) }
    }
    return subjects
  }
}
