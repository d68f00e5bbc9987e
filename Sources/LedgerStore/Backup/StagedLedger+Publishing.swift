import Events
import Foundation

/// The moments at which a staged ledger takes the live one's place, after which a crash finds
/// something else on the disk, in their order.
package enum RestorePoint: String, Hashable, Sendable, CaseIterable {
  /// The staged ledger is whole and durable, and nothing else has changed.
  case staged
  /// The live ledger has no anchor any more, so nobody opens it.
  case anchorRetired
  /// The staged ledger is `restore.ready`: from here on a restore can only go forward.
  case decided
  /// The live databases are put aside.
  case retired
  /// The new ones stand in their place, still without an anchor.
  case placed
  /// The anchor stands beside them: the ledger is restored.
  case published
}

extension StagedLedger {
  private static func ready(_ live: LedgerDirectory) -> LedgerDirectory {
    LedgerDirectory(live.path + "/restore.ready")
  }

  /// Puts the staged ledger in the live one's place, under the writer's lock. What stood there is
  /// kept in `replaced-N`, but for people's keys: those that are there stay.
  ///
  /// 1. The anchor goes aside. From here on nobody opens the ledger, so nothing can be appended to
  ///    what is about to be replaced. A crash leaves it so; restoring again begins anew.
  /// 2. `restore.partial` is renamed to `restore.ready`: the commit point. ``finish(_:reached:)``
  ///    does the rest, at once or when the next restore finds it.
  ///
  /// - Parameters:
  ///   - mark: Where the live ledger stood before it was decided what takes its place.
  ///   - erased: Who is erased: in people's keys that stay, and in the values that go aside too.
  /// - Throws: ``LedgerError/changedMeanwhile(path:)`` when somebody has appended since: nothing
  ///   has changed then. ``LedgerError``, and what `reached` throws.
  package func publish(
    over mark: LiveMark, erasing erased: Set<SubjectID>, at time: Timestamp,
    reached: (RestorePoint) throws -> Void
  ) throws {
    if FileIdentity(path: live.vaultKeys) != nil {
      try Self.removeDatabase(directory.vaultKeys)
    }
    for file in Self.databases(directory) where FileIdentity(path: file) != nil {
      try DatabaseCopy.fold(file)
    }
    try? FileManager.default.removeItem(atPath: directory.lock)
    try directory.sync()
    try reached(.staged)
    try WriterLock(live).holding {
      guard try LiveMark(of: live) == mark else {
        throw LedgerError.changedMeanwhile(path: live.path)
      }
      try Self.erase(erased, in: live, at: time)
      if FileIdentity(path: live.anchor) != nil {
        try Self.move(live.anchor, into: try Self.newReplaced(live))
      }
      try live.sync()
      try reached(.anchorRetired)
      try Self.put(directory.path, at: Self.ready(live).path)
      try live.sync()
      try reached(.decided)
      try Self.finish(live, reached: reached)
    }
  }

  /// The keys first, and with them all values; ciphertexts of a vault that does not open any more
  /// are left to nobody who could open them.
  private static func erase(
    _ erased: Set<SubjectID>, in live: LedgerDirectory, at time: Timestamp
  ) throws {
    guard !erased.isEmpty else { return }
    if FileIdentity(path: live.vaultKeys) != nil {
      let keys = try Connection(path: live.vaultKeys, access: .writing)
      for subject in erased { try keys.erasePerson(subject, at: time) }
      try WALCheckpointer(keys).truncate()
    }
    guard FileIdentity(path: live.vault) != nil,
      let values = try? Connection(path: live.vault, access: .writing)
    else { return }
    for subject in erased { try? values.eraseValues(of: subject) }
    try? WALCheckpointer(values).truncate()
  }

  /// Whether a restore has passed its commit point and is not finished.
  package static func isDecided(_ live: LedgerDirectory) -> Bool {
    FileIdentity(path: ready(live).path) != nil
  }

  /// Finishes a restore that was interrupted after its commit point.
  ///
  /// - Returns: Whether there was one.
  package static func resume(_ live: LedgerDirectory) throws -> Bool {
    guard isDecided(live) else { return false }
    try WriterLock(live).holding { try finish(live) { _ in } }
    return true
  }

  /// Every step may be repeated: it does what is not done yet. Old logs go aside before their
  /// database does, and no database comes to a path where a log stands that is not its own.
  private static func finish(
    _ live: LedgerDirectory, reached: (RestorePoint) throws -> Void
  ) throws {
    let ready = ready(live)
    let files = zip(databases(ready), databases(live)).filter { FileIdentity(path: $0.0) != nil }
    for (_, old) in files {
      for path in [old + "-wal", old + "-shm", old] where FileIdentity(path: path) != nil {
        try move(path, into: try lastReplaced(live))
      }
    }
    try live.sync()
    try reached(.retired)
    for (new, place) in files { try put(new, at: place) }
    try live.sync()
    try reached(.placed)
    if FileIdentity(path: ready.anchor) != nil { try put(ready.anchor, at: live.anchor) }
    try live.sync()
    try reached(.published)
    try FileManager.default.removeItem(atPath: ready.path)
  }

  /// The ledger last: without it nobody takes the directory for one.
  private static func databases(_ directory: LedgerDirectory) -> [String] {
    [directory.vaultKeys, directory.vault, directory.database]
  }

  private static func removeDatabase(_ path: String) throws {
    for file in [path, path + "-wal", path + "-shm"] where FileIdentity(path: file) != nil {
      try FileManager.default.removeItem(atPath: file)
    }
  }
}

// Where the old files go.
extension StagedLedger {
  private static func replaced(_ live: LedgerDirectory) -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: live.path)) ?? []
    return names.compactMap { name in
      name.hasPrefix(LedgerDirectory.replacedPrefix)
        ? Int(name.dropFirst(LedgerDirectory.replacedPrefix.count)) : nil
    }
  }

  private static func newReplaced(_ live: LedgerDirectory) throws -> String {
    let number = (replaced(live).max() ?? 0) + 1
    let path = "\(live.path)/\(LedgerDirectory.replacedPrefix)\(number)"
    guard mkdir(path, 0o700) == 0 else {
      throw LedgerError.system(operation: "mkdir", path: path, errno: errno)
    }
    return path
  }

  /// The one that this restore began, unless there was no anchor to begin it with.
  private static func lastReplaced(_ live: LedgerDirectory) throws -> String {
    guard let last = replaced(live).max() else { return try newReplaced(live) }
    let path = "\(live.path)/\(LedgerDirectory.replacedPrefix)\(last)"
    let isOurs = FileIdentity(path: path + "/ledger.sqlite") == nil
    return isOurs ? path : try newReplaced(live)
  }

  private static func move(_ path: String, into folder: String) throws {
    try put(path, at: folder + "/" + URL(fileURLWithPath: path).lastPathComponent)
    try LedgerDirectory(folder).sync()
  }

  private static func put(_ path: String, at target: String) throws(LedgerError) {
    guard rename(path, target) == 0 else {
      throw LedgerError.system(operation: "rename", path: path, errno: errno)
    }
  }
}
