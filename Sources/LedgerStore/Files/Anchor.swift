import Foundation
import Synchronization

/// The newest checkpoint outside the database: a restore of an older database shows.
///
/// Stops accidents, not its owner. It is written after every commit, into the slots by turns, and
/// synced within ``syncMilliseconds``; it may lag the database, never lead it, which is why the
/// commit comes first. What a crash loses is at most the last writes, and the other slot stands.
final class Anchor: Sendable {
  static let syncMilliseconds = 100

  private struct State {
    /// Nil until the first write makes the file.
    var file: FileDescriptor?
    /// Of the last write, by whomever; nil when it must be read.
    var generation: Int?
    var needsSync = false
    var syncFailure: LedgerError?
    /// The last write did not get through: the anchor lags.
    var isBehind = false
  }

  private let path: String
  private let state: Mutex<State>
  private let syncing = DispatchQueue(label: "stele.anchor")

  /// The newest valid slot of the file at `path`: nil without a valid one.
  static func read(_ path: String) throws(LedgerError) -> AnchorSlot? {
    guard FileIdentity(path: path) != nil else { return nil }
    return try newest(in: FileDescriptor(path, O_RDONLY))
  }

  private static func newest(in file: FileDescriptor) throws(LedgerError) -> AnchorSlot? {
    let bytes = try file.read(2 * AnchorSlot.byteCount, at: 0)
    return [bytes.prefix(AnchorSlot.byteCount), bytes.dropFirst(AnchorSlot.byteCount)]
      .compactMap { AnchorSlot(parsing: $0) }.max { $0.generation < $1.generation }
  }

  init(_ path: String) {
    self.path = path
    state = Mutex(State())
  }

  /// Writes `note` into the older slot. Needs the writer's lock.
  ///
  /// Commit point: none of its own. The entries are committed before this is called, so a crash
  /// anywhere leaves an anchor that lags, and the next append writes it again.
  ///
  /// - Throws: ``LedgerError/anchorNotWritten(path:errno:)``, also when an earlier sync failed: the
  ///   kernel may have dropped what it could not write, so appending stops.
  func write(_ note: String) throws(LedgerError) {
    let schedules = try update { state throws(LedgerError) in
      state.isBehind = true
      if let failure = state.syncFailure { throw failure }
      let file = if let open = state.file { open } else { try Self.open(path) }
      state.file = file
      let last =
        if let known = state.generation { known } else {
          try Self.newest(in: file)?.generation ?? 0
        }
      let slot = AnchorSlot(generation: last + 1, note: note)
      state.generation = nil
      try file.write(slot.bytes, at: slot.generation % 2 * AnchorSlot.byteCount)
      state.generation = slot.generation
      state.isBehind = false
      defer { state.needsSync = true }
      return !state.needsSync
    }
    if schedules { scheduleSync() }
  }

  /// Whether the last note could not be written.
  var isBehind: Bool { state.withLock { $0.isBehind } }

  /// Why a sync of what was written failed, if one did.
  var syncFailure: LedgerError? { state.withLock { $0.syncFailure } }

  /// Another process has written meanwhile: its generation counts on.
  func forget() { state.withLock { $0.generation = nil } }

  /// Makes the last write durable; before the process exits, and by itself soon after each write.
  func sync() throws(LedgerError) {
    try update { state throws(LedgerError) in
      guard state.needsSync, let file = state.file else { return }
      state.needsSync = false
      do throws(LedgerError) { try file.sync() } catch {
        state.syncFailure = error
        throw error
      }
    }
  }

  private func scheduleSync() {
    syncing.asyncAfter(deadline: .now() + .milliseconds(Self.syncMilliseconds)) { [weak self] in
      // A failure is kept in the state, and the next write throws it.
      try? self?.sync()
    }
  }

  private func update<Result: Sendable>(
    _ change: (inout State) throws(LedgerError) -> Result
  ) throws(LedgerError) -> Result {
    do {
      return try state.withLock { state throws(LedgerError) in try change(&state) }
    } catch {
      switch error {
      case .system(_, _, let errno), .syncFailed(_, let errno):
        throw LedgerError.anchorNotWritten(path: path, errno: errno)
      default: throw error
      }
    }
  }

  private static func open(_ path: String) throws(LedgerError) -> FileDescriptor {
    try FileDescriptor(path, O_RDWR | O_CREAT, mode: 0o644)
  }
}
