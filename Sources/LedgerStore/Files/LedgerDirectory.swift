import Foundation

/// Where a ledger's files are: `.stele`, or whatever directory is given.
package struct LedgerDirectory: Hashable, Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Headers, bodies, tree, checkpoints, snapshots.
  package var database: String { path + "/ledger.sqlite" }
  /// Beside the database from its first write on: what is committed and not yet copied into it.
  package var log: String { database + "-wal" }
  /// Whether there is a log with anything in it: who opens the database without one, for reading
  /// too, leaves an empty one.
  var hasLog: Bool { Self.hasLog(database) }

  /// The same of any database file.
  static func hasLog(_ database: String) -> Bool {
    var status = stat()
    return stat(database + "-wal", &status) == 0 && status.st_size > 0
  }
  /// Ciphertexts of personal values.
  package var vault: String { path + "/vault.sqlite" }
  /// People's keys, wrapped; keep it out of replicas.
  package var vaultKeys: String { path + "/vault-keys.sqlite" }
  /// The newest checkpoint, outside the database.
  package var anchor: String { path + "/anchor" }
  package var lock: String { path + "/lock" }

  /// Makes the directory, readable by its owner alone, and the empty database files in it.
  ///
  /// - Throws: ``LedgerError/exists(path:)`` when one of the files is there already.
  func create() throws(LedgerError) {
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw LedgerError.system(operation: "mkdir", path: path, errno: errno)
    }
    for file in [database, vault, vaultKeys] where FileIdentity(path: file) != nil {
      throw LedgerError.exists(path: file)
    }
    for file in [database, vault, vaultKeys] {
      _ = try FileDescriptor(file, O_RDWR | O_CREAT | O_EXCL)
    }
  }

  /// Makes a directory and those above it that are missing, for their owner alone.
  ///
  /// - Throws: ``LedgerError/system(operation:path:errno:)``.
  package static func makePath(_ directory: String) throws(LedgerError) {
    guard mkdir(directory, 0o700) != 0, errno != EEXIST else { return }
    let above = URL(fileURLWithPath: directory).deletingLastPathComponent().path
    guard errno == ENOENT, above != directory else {
      throw LedgerError.system(operation: "mkdir", path: directory, errno: errno)
    }
    try makePath(above)
    guard mkdir(directory, 0o700) != 0, errno != EEXIST else { return }
    throw LedgerError.system(operation: "mkdir", path: directory, errno: errno)
  }

  /// Removes what ``create()`` made and nobody has used.
  func discard() {
    for file in [database, vault, vaultKeys] {
      for name in ["", "-wal", "-shm", "-journal"] { unlink(file + name) }
    }
  }

  /// - Throws: ``LedgerError/notFound(path:)``.
  func check() throws(LedgerError) {
    guard FileIdentity(path: database) != nil else { throw LedgerError.notFound(path: database) }
  }

  /// The vault's files are there, and nobody but their owner can read them.
  ///
  /// - Throws: ``LedgerError/notFound(path:)``, ``LedgerError/notOurs(path:)``,
  ///   ``LedgerError/modeTooOpen(path:mode:)``.
  func checkVault() throws(LedgerError) {
    for file in [vault, vaultKeys] { try OwnedFile.check(file) }
  }

  /// Makes the names of new files durable.
  func sync() throws(LedgerError) {
    let directory = try FileDescriptor(path, O_RDONLY | O_DIRECTORY)
    guard fsync(directory.raw) == 0 else {
      throw LedgerError.syncFailed(path: path, errno: errno)
    }
  }
}
