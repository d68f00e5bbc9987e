import Access
import CanonicalJSON
import Events
import Foundation
import LedgerStore

/// The denials of the running minute that are counted and wait for their entry: `denials` in the
/// ledger's directory.
///
/// Kept between commands, because each refused command is a process of its own. Trusted for
/// nothing: the first denial is in the ledger before its count begins here, so whoever loses or
/// damages this file loses the repetitions of one minute, and begins anew.
struct DenialFile {
  let path: String

  init(_ workspace: Workspace) { path = workspace.ledger + "/denials" }

  /// Counts a denial with those before it, or records it as the first of its minute.
  ///
  /// - Parameter record: Appends the denial. A crash after it and before the count begins makes
  ///   the next denial a first one again: nothing is lost.
  /// - Returns: Whether it was only counted.
  func add(
    _ request: AccessRequest, _ decision: AccessDecision, at now: Timestamp,
    record: () throws -> Void
  ) throws -> Bool {
    try LockedFile.holding(path) { file in
      var counts = Self.counts(in: try file.read())
      if let index = counts.firstIndex(where: { $0.covers(request, at: now) }) {
        counts[index].count(request, decision)
        try file.replace(with: Self.bytes(counts))
        return true
      }
      try record()
      counts.append(DenialCount(request, decision, at: now))
      try file.replace(with: Self.bytes(counts))
      return false
    }
  }

  /// Hands over what minutes that are over have left to record, and forgets it.
  ///
  /// Forgotten before it is recorded, so that a crash in between loses a minute's count and never
  /// doubles it; when recording fails it is kept for the next time.
  func settle(at now: Timestamp, record: ([DraftEvent]) throws -> Void) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }  // Nobody was denied.
    try LockedFile.holding(path) { file in
      let counts = Self.counts(in: try file.read())
      let over = counts.filter { !$0.isRunning(at: now) }
      guard !over.isEmpty else { return }
      let later = over.dropFirst(Limits.eventsPerEntry)
      try file.replace(with: Self.bytes(counts.filter { $0.isRunning(at: now) } + later))
      let events = over.prefix(Limits.eventsPerEntry).compactMap(\.event)
      guard !events.isEmpty else { return }
      do { try record(events) } catch {
        try file.replace(with: Self.bytes(counts))
        throw error
      }
    }
  }

  /// None where a crash has left what cannot be read.
  private static func counts(in bytes: [UInt8]) -> [DenialCount] {
    guard let values = (try? JSONValue(parsing: bytes))?.arrayValue else { return [] }
    return values.compactMap { try? DenialCount(json: $0) }
  }

  private static func bytes(_ counts: [DenialCount]) throws(JSONFormError) -> [UInt8] {
    try JSONValue.array(counts.map(\.json)).canonicalBytes()
  }
}
