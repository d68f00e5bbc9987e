import CSQLite
import GRDB

/// One SQLite connection: opened and closed by GRDB, used through its raw handle.
///
/// GRDB's own statements cost a fifth of an insert and half of a scan, so everything here runs on
/// prepared ``Statement``s. Not `Sendable`: its owner's lock keeps all uses apart.
final class Connection {
  /// What a connection may do; every other setting is the same.
  enum Access {
    case reading
    case writing
  }

  let path: String
  let handle: OpaquePointer
  private let queue: DatabaseQueue

  /// Opens an existing database file and puts every setting of ``ConnectionSettings`` in force.
  ///
  /// - Parameter recognize: Looks at the file before anything of it is changed.
  /// - Throws: ``LedgerError/database(path:code:message:)`` when SQLite refuses,
  ///   ``LedgerError/settingRefused(path:setting:expected:actual:)`` when a setting did not hold.
  init(
    path: String, access: Access,
    recognize: (Connection) throws(LedgerError) -> Void = { _ in }
  ) throws(LedgerError) {
    self.path = path
    do {
      var configuration = Configuration()
      configuration.readonly = access == .reading
      configuration.busyMode = .timeout(ConnectionSettings.busyTimeoutSeconds)
      configuration.prepareDatabase { opened in
        guard let raw = opened.sqliteConnection else { return }
        try ConnectionSettings.applyFlags(to: raw, path: path)
      }
      queue = try DatabaseQueue(path: path, configuration: configuration)
      guard let raw = queue.inDatabase({ $0.sqliteConnection }) else {
        throw LedgerError.database(path: path, code: SQLITE_CANTOPEN, message: "no connection")
      }
      handle = raw
      // GRDB's observers insist on its queue, which the raw statements here do not pass through.
      sqlite3_commit_hook(raw, nil, nil)
      sqlite3_rollback_hook(raw, nil, nil)
      sqlite3_set_authorizer(raw, nil, nil)
    } catch {
      throw LedgerError(error, path: path)
    }
    try recognize(self)
    try ConnectionSettings.apply(to: self, access: access)
  }

  /// Runs statements that give no rows and are not repeated.
  func execute(_ sql: String) throws(LedgerError) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw lastError() }
  }

  /// The first column of the first row as text, or nil without a row.
  ///
  /// Runs to the end: what changes the file (`PRAGMA journal_mode = WAL`) commits after its row,
  /// and only the last step tells whether that succeeded.
  func text(_ sql: String) throws(LedgerError) -> String? {
    let statement = try Statement(sql, on: self)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    let text = statement.text(0)
    while try statement.step() {}
    return text
  }

  /// What SQLite says of the call that just failed.
  func lastError() -> LedgerError {
    LedgerError(
      sqlite: sqlite3_extended_errcode(handle), path: path,
      message: String(cString: sqlite3_errmsg(handle)))
  }

  /// Whether a transaction is open: SQLite ends some by itself when a statement fails.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }
}

extension LedgerError {
  /// SQLITE_IOERR_WRITE, a macro that Swift does not see.
  private static let writeFailed = SQLITE_IOERR | 3 << 8

  /// What SQLite answered. A file that it could only open for reading it does not know from a disk
  /// that fails, so that is looked at here.
  init(sqlite code: Int32, path: String, message: String) {
    if code == Self.writeFailed {
      for file in ["-wal", "-shm", ""].map({ path + $0 }) {
        guard let errno = WriteAccess.obstacle(file) else { continue }
        self = .notWritable(path: file, errno: errno)
        return
      }
    }
    self = .database(path: path, code: code, message: message)
  }

  /// What GRDB threw while opening `path`, without its SQL and arguments.
  fileprivate init(_ error: any Error, path: String) {
    switch error {
    case let error as LedgerError: self = error
    case let error as DatabaseError:
      self = .database(
        path: path, code: error.extendedResultCode.rawValue,
        message: error.message ?? "no message")
    default: self = .database(path: path, code: SQLITE_ERROR, message: "\(type(of: error))")
    }
  }
}

extension Connection {
  /// Runs `work` in one transaction, rolled back when it throws.
  func transaction<Result>(
    _ work: () throws(LedgerError) -> Result
  ) throws(LedgerError) -> Result {
    try execute("BEGIN IMMEDIATE")
    do {
      let result = try work()
      try execute("COMMIT")
      return result
    } catch {
      // Some errors have ended the transaction already; what went wrong is what is told.
      if isInTransaction { try? execute("ROLLBACK") }
      throw error
    }
  }
}
