import Cryptography
import Events

/// One AES-256 key a person, wrapped by the vault's own key, in `vault-keys.sqlite`.
final class PersonKeys {
  let connection: Connection
  private let vaultKey: [UInt8]
  private let random: any RandomSource
  private let select: Statement
  private let insert: Statement
  private let tombstone: Statement
  private let checkpointer: WALCheckpointer
  /// Unwrapped, for as long as the ledger is open.
  private var opened: [SubjectID: [UInt8]] = [:]

  /// - Throws: ``LedgerError/vaultLocked(path:)`` when `vaultKey` does not open what is there.
  init(
    _ connection: Connection, vaultKey: [UInt8], random: any RandomSource
  ) throws(LedgerError) {
    self.connection = connection
    self.vaultKey = vaultKey
    self.random = random
    select = try Statement("SELECT wrapped FROM person WHERE subject = ?", on: connection)
    insert = try Statement("INSERT INTO person VALUES (?, ?)", on: connection)
    tombstone = try Statement("SELECT 1 FROM tombstone WHERE subject = ?", on: connection)
    checkpointer = WALCheckpointer(connection)
    try checkVaultKey()
  }

  /// See ``Vault/makeDurable()``.
  func makeDurable() throws(LedgerError) { try LogBytes(of: connection).makeDurable() }

  /// The person's key; nil when there is none, or no more.
  func key(of subject: SubjectID) throws(LedgerError) -> [UInt8]? {
    if let key = opened[subject] { return key }
    select.bindBlob(1, subject.bits.bytes)
    defer { select.reset() }
    guard try select.step() else { return nil }
    let key = try unwrap(select.bytes(0), of: subject.bits)
    opened[subject] = key
    return key
  }

  /// The person's key, made when they have none.
  ///
  /// Commit point: the INSERT, on its own. A crash after it leaves a key that seals nothing yet.
  func makeKey(of subject: SubjectID) throws(LedgerError) -> [UInt8] {
    if let key = try key(of: subject) { return key }
    let key = random.bytes(SealedBox.keyByteCount)
    let wrapped = SealedBox.seal(
      key, key: vaultKey, nonce: random.bytes(SealedBox.nonceByteCount),
      associatedData: Self.associatedData(subject.bits))
    try insert.bindBlob(1, subject.bits.bytes).bindBlob(2, wrapped).run()
    try checkpointer.afterCommit()
    opened[subject] = key
    return key
  }

  func isErased(_ subject: SubjectID) throws(LedgerError) -> Bool {
    tombstone.bindBlob(1, subject.bits.bytes)
    defer { tombstone.reset() }
    return try tombstone.step()
  }

  /// Destroys the person's key and remembers that it is gone, on the disk too when this returns.
  func erase(_ subject: SubjectID, at time: Timestamp) throws(LedgerError) {
    opened[subject] = nil
    try connection.erasePerson(subject, at: time)
    try checkpointer.truncate()
  }

  /// Another key would seal what the right one can never open.
  private func checkVaultKey() throws(LedgerError) {
    let anyone = try Statement("SELECT subject, wrapped FROM person LIMIT 1", on: connection)
    defer { anyone.reset() }
    guard try anyone.step() else { return }
    _ = try unwrap(anyone.bytes(1), of: anyone.uuid(0))
  }

  private func unwrap(_ wrapped: [UInt8], of subject: UUIDBits) throws(LedgerError) -> [UInt8] {
    do {
      return try SealedBox.open(
        wrapped, key: vaultKey, associatedData: Self.associatedData(subject))
    } catch { throw LedgerError.vaultLocked(path: connection.path) }
  }

  private static func associatedData(_ subject: UUIDBits) -> [UInt8] {
    Array("stele/person-key/v1\0\(subject.text)".utf8)
  }
}
