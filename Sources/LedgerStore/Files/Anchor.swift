import Foundation
import Synchronization

/// The newest checkpoint outside the database: a restore of an older database shows.
///
/// Stops accidents, not its owner. It is written after every commit and synced within 100 ms; it
/// may lag the database, never lead it, which is why the commit comes first. A write goes into the
/// slot that a power failure may tear: the other one is durable, and is left alone until this one
/// is as well.
final class Anchor: Sendable {
  private struct State {
    /// The last write, by whomever; nil when it must be read.
    var generation: Int?
    var needsSync = false
    var syncFailure: LedgerError?
    /// The last write did not get through: the anchor lags.
    var isBehind = false
  }

  private let path: String
  private let storage: any AnchorStorage
  private let state: Mutex<State>

  /// - Parameter path: For errors.
  init(_ storage: any AnchorStorage, path: String) {
    self.storage = storage
    self.path = path
    state = Mutex(State())
  }

  /// Writes `note` into one of the slots. Needs the writer's lock.
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
      let slot = AnchorSlot(generation: try nextGeneration(after: &state), note: note)
      state.generation = nil
      try storage.write(slot.bytes, at: slot.place)
      state.generation = slot.generation
      state.isBehind = false
      // The first of all has no other slot beside it.
      if slot.generation == 1 { return try syncNow(&state) }
      defer { state.needsSync = true }
      return !state.needsSync
    }
    if schedules { scheduleSync() }
  }

  /// Writes `note` if another one stands there. Needs the writer's lock.
  ///
  /// Other processes go on from the generation that they wrote last as long as no entry is new:
  /// one more beside it, and the next of theirs would go into the slot that is durable.
  func renew(_ note: String) throws(LedgerError) {
    let newest = AnchorSlot.all(in: try storage.read(2 * AnchorSlot.byteCount) ?? []).first
    if newest?.note != note { try write(note) }
  }

  /// Whether the last note could not be written.
  var isBehind: Bool { state.withLock { $0.isBehind } }

  /// Why a sync of what was written failed, if one did.
  var syncFailure: LedgerError? { state.withLock { $0.syncFailure } }

  /// Writes `note` into both slots, durably: nothing is left of what they knew about entries that
  /// an incarnation has given up. Needs the writer's lock.
  func replace(with note: String) throws(LedgerError) {
    for _ in 0..<2 {
      try write(note)
      try sync()
    }
  }

  /// Odd and even generations have a slot each. One more takes the other slot, two more the same.
  private func nextGeneration(after state: inout State) throws(LedgerError) -> Int {
    if let known = state.generation { return known + (state.needsSync ? 2 : 1) }
    let slots = AnchorSlot.all(in: try storage.read(2 * AnchorSlot.byteCount) ?? [])
    guard let newest = slots.first else { return 1 }
    if slots.count == 2 { return newest.generation + 2 }
    // Another process has written it, and its sync may have failed: a second one would say nothing.
    try storage.write(newest.bytes, at: newest.place)
    _ = try syncNow(&state)
    return newest.generation + 1
  }

  /// Another process has written meanwhile: its generation counts on.
  func forget() { state.withLock { $0.generation = nil } }

  /// Makes the last write durable; before the process exits, and by itself soon after each write.
  func sync() throws(LedgerError) {
    try update { state throws(LedgerError) in
      guard state.needsSync else { return }
      _ = try syncNow(&state)
    }
  }

  /// - Returns: That nothing is left to be synced.
  private func syncNow(_ state: inout State) throws(LedgerError) -> Bool {
    state.needsSync = false
    do throws(LedgerError) { try storage.sync() } catch {
      state.syncFailure = error
      throw error
    }
    return false
  }

  private func scheduleSync() {
    storage.soon { [weak self] in
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
}

extension Anchor {
  /// The newest valid slot of the file at `path`: nil without a valid one.
  static func read(_ path: String) throws(LedgerError) -> AnchorSlot? {
    guard FileIdentity(path: path) != nil else { return nil }
    let bytes = try FileDescriptor(path, O_RDONLY).read(2 * AnchorSlot.byteCount, at: 0)
    return AnchorSlot.all(in: bytes).first
  }
}
