import CanonicalJSON
import Cryptography
import Events

/// Personal values, each encrypted under its person's key: what can be erased while every proof
/// holds.
///
/// Trusted for nothing but keeping: what it gives is compared with the commitment in the body.
/// Written by the one writer, under its lock, before the entry that needs it.
final class Vault {
  private let connection: Connection
  private let keys: PersonKeys
  private let random: any RandomSource
  private let insert: Statement
  private let select: Statement
  private let settle: Statement
  private let checkpointer: WALCheckpointer
  /// Committed by the ledger, and not yet marked so here.
  private var committed: [EntryID] = []

  init(
    _ connection: Connection, keys: PersonKeys, random: any RandomSource
  ) throws(LedgerError) {
    self.connection = connection
    self.keys = keys
    self.random = random
    insert = try Statement(
      "INSERT OR REPLACE INTO sealed VALUES (?, ?, ?, ?, 0, ?)", on: connection)
    select = try Statement(
      "SELECT ciphertext FROM sealed WHERE entry = ? AND event = ? AND pointer = ?",
      on: connection)
    settle = try Statement(
      "UPDATE sealed SET settled = 1 WHERE entry = ? AND settled = 0", on: connection)
    checkpointer = WALCheckpointer(connection)
  }

  func isErased(_ subject: SubjectID) throws(LedgerError) -> Bool {
    try keys.isErased(subject)
  }

  /// Seals values that are about to be committed to.
  ///
  /// Commit point: the COMMIT, before the ledger's. A crash between the two leaves rows that no
  /// entry needs, which ``sweep(isCommitted:)`` removes; the reverse cannot happen.
  func store(_ sealings: [Sealing]) throws(LedgerError) {
    guard !sealings.isEmpty else { return }
    var boxes: [[UInt8]] = []
    for sealing in sealings {
      boxes.append(
        SealedBox.seal(
          sealing.plaintext, key: try keys.makeKey(of: sealing.value.subject),
          nonce: random.bytes(SealedBox.nonceByteCount), associatedData: sealing.associatedData))
    }
    try connection.transaction { () throws(LedgerError) in
      for (sealing, box) in zip(sealings, boxes) {
        try insert.bindBlob(1, sealing.entry.bits.bytes).bind(2, sealing.place.index)
          .bindText(3, sealing.place.pointer).bindBlob(4, sealing.value.subject.bits.bytes)
          .bindBlob(5, box).run()
      }
      for entry in committed { try settle.bindBlob(1, entry.bits.bytes).run() }
    }
    committed = []
    try checkpointer.afterCommit()
  }

  /// The entries with values of somebody whose key is not there; none where there is one.
  func orphans(of subject: SubjectID) throws(LedgerError) -> [EntryID] {
    guard try keys.key(of: subject) == nil else { return [] }
    let rows = try Statement(
      "SELECT DISTINCT entry FROM sealed WHERE subject = ?", on: connection)
    rows.bindBlob(1, subject.bits.bytes)
    return try entries(rows)
  }

  /// Makes durable what a crash or a failed sync has left in the logs of both files: an entry that
  /// is acknowledged may need a person's key that was read from there.
  func makeDurable() throws(LedgerError) {
    try keys.makeDurable()
    try LogBytes(of: connection).makeDurable()
  }

  /// Remembers that the ledger has committed these; the next transaction here marks them.
  func noteCommitted(_ sealings: [Sealing]) { committed += sealings.map(\.entry) }

  /// Settles what the ledger has committed and removes what it has not: the traces of crashes
  /// between the two commits.
  func sweep(isCommitted: (EntryID) throws(LedgerError) -> Bool) throws(LedgerError) {
    let unsettled = try unsettledEntries()
    guard !unsettled.isEmpty else { return }
    let remove = try Statement(
      "DELETE FROM sealed WHERE entry = ? AND settled = 0", on: connection)
    try connection.transaction { () throws(LedgerError) in
      for entry in unsettled {
        let statement = try isCommitted(entry) ? settle : remove
        try statement.bindBlob(1, entry.bits.bytes).run()
      }
    }
    try checkpointer.afterCommit()
  }

  private func unsettledEntries() throws(LedgerError) -> [EntryID] {
    try entries(
      Statement("SELECT DISTINCT entry FROM sealed WHERE settled = 0", on: connection))
  }

  private func entries(_ rows: Statement) throws(LedgerError) -> [EntryID] {
    defer { rows.reset() }
    var entries: [EntryID] = []
    while try rows.step() {
      if let entry = EntryID(bits: try rows.uuid(0)) { entries.append(entry) }
    }
    return entries
  }

  /// Salt ‖ canonical value; nil when the row or the key is gone, or they do not fit together.
  func open(
    _ place: SealedPlace, of entry: EntryID, origin: Origin
  ) throws(LedgerError) -> [UInt8]? {
    select.bindBlob(1, entry.bits.bytes).bind(2, place.index).bindText(3, place.pointer)
    defer { select.reset() }
    guard try select.step(), let key = try keys.key(of: place.sealed.subject) else { return nil }
    return try? SealedBox.open(
      select.bytes(0), key: key,
      associatedData: Sealed.associatedData(
        origin: origin, entry: entry, index: place.index, pointer: place.pointer))
  }

  /// Destroys a person's key and every ciphertext of theirs; may be repeated.
  ///
  /// The key goes first, and with it every copy of the values. A crash in between leaves
  /// ciphertexts that nobody can open, which the next opening removes.
  func erase(_ subject: SubjectID, at time: Timestamp) throws(LedgerError) {
    try keys.erase(subject, at: time)
    try connection.eraseValues(of: subject)
    try checkpointer.truncate()
  }
}
