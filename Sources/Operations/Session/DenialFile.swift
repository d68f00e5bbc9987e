import Access
import CanonicalJSON
import Events
import Foundation
import LedgerStore

/// The denials of the running minute that are counted and wait for their entry: `denials` in the
/// ledger's directory.
///
/// Kept between commands, because each refused command is a process of its own. Trusted for
/// nothing: the first denial is in the ledger before its count begins here, so whoever loses this
/// file loses the repetitions of one minute. Damaged bytes are no counts and not nothing either:
/// they are set aside, and the ledger says that it happened.
struct DenialFile {
  let path: String

  init(_ workspace: Workspace) { path = workspace.ledger + "/denials" }

  /// What stands there, without changing it.
  enum Content: Equatable {
    case counts(Int)
    case damaged
  }

  /// Counts a denial with those before it, or records it as the first of its minute.
  ///
  /// - Parameter record: Appends the denial. A crash after it and before the count begins makes
  ///   the next denial a first one again: nothing is lost.
  /// - Returns: Whether it was only counted.
  /// - Throws: ``DenialsDamaged``; nothing was recorded or counted.
  func add(
    _ request: AccessRequest, _ decision: AccessDecision, at now: Timestamp,
    record: () throws -> Void
  ) throws -> Bool {
    try LockedFile.holding(path) { file in
      guard var counts = Self.counts(in: try file.read()) else {
        throw DenialsDamaged(path: path)
      }
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
  /// doubles it; when recording fails it is kept for the next time. Those of several environments
  /// are of several entries, one after the other.
  ///
  /// - Parameters:
  ///   - service: Who records that the file was damaged.
  ///   - record: Appends one entry.
  func settle(
    at now: Timestamp, by service: ActorID, record: ([DraftEvent]) throws -> Void
  ) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }  // Nobody was denied.
    try LockedFile.holding(path) { file in
      let bytes = try file.read()
      guard let counts = Self.counts(in: bytes) else {
        try setAside(bytes)
        try record([Self.damage(foundBy: service)])
        return try file.replace(with: Self.bytes([]))
      }
      var kept = counts
      let over = Dictionary(grouping: counts.filter { !$0.isRunning(at: now) }, by: \.environment)
      for (_, group) in over.sorted(by: { $0.key?.rawValue ?? "" < $1.key?.rawValue ?? "" }) {
        let taken = Set(group.prefix(Limits.eventsPerEntry))
        let before = kept
        kept.removeAll(where: taken.contains)
        try file.replace(with: Self.bytes(kept))
        let events = group.prefix(Limits.eventsPerEntry).compactMap(\.event)
        guard !events.isEmpty else { continue }
        do { try record(events) } catch {
          try file.replace(with: Self.bytes(before))
          throw error
        }
      }
    }
  }

  /// - Throws: `LedgerError` when it is there and cannot be read.
  func content() throws -> Content {
    guard FileManager.default.fileExists(atPath: path) else { return .counts(0) }
    return try LockedFile.holding(path) { file in
      Self.counts(in: try file.read()).map { .counts($0.count) } ?? .damaged
    }
  }

  /// The damaged files that were set aside, ascending.
  func setAside() throws -> [String] { try copies().map(copy) }

  /// Numbers of the damaged files that are still there, ascending.
  private func copies() throws -> [Int] {
    let url = URL(fileURLWithPath: path)
    let prefix = url.lastPathComponent + Self.damagedSuffix
    return try FileManager.default.contentsOfDirectory(
      atPath: url.deletingLastPathComponent().path
    ).filter { $0.hasPrefix(prefix) }.compactMap { Int($0.dropFirst(prefix.count)) }.sorted()
  }

  private func copy(_ number: Int) -> String { path + Self.damagedSuffix + "\(number)" }

  private static let damagedSuffix = ".damaged-"

  /// Copied before it is replaced, so that a crash in between leaves one copy too many. Older ones
  /// may have been removed, in any order.
  private func setAside(_ bytes: [UInt8]) throws {
    try LockedFile.make(copy((try copies().last ?? 0) + 1), with: bytes)
  }

  /// That counts were not used because nobody could read them.
  private static func damage(foundBy service: ActorID) -> DraftEvent {
    DraftEvent(
      AccessDecided(
        action: "denials.count", actor: service, application: nil, decision: .deny,
        reasons: ["countsDamaged"]), in: .access(nil), scope: Scope())
  }

  /// Nil when they cannot be read, or one of them cannot; none in a new file.
  private static func counts(in bytes: [UInt8]) -> [DenialCount]? {
    guard !bytes.isEmpty else { return [] }
    guard let values = (try? JSONValue(parsing: bytes))?.arrayValue else { return nil }
    let counts = values.compactMap { try? DenialCount(json: $0) }
    return counts.count == values.count ? counts : nil
  }

  private static func bytes(_ counts: [DenialCount]) throws(JSONFormError) -> [UInt8] {
    try JSONValue.array(counts.map(\.json)).canonicalBytes()
  }
}

/// The counts of denials were damaged between two looks at them.
struct DenialsDamaged: ExitingError, Equatable {
  let path: String

  var exitStatus: ExitStatus { .tryAgain }

  var description: String {
    """
    Nothing was done: the counts of denials in \(path) cannot be read.
    Try again: they are set aside then, and the ledger says so.
    """
  }
}
