import Access
import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore

/// The denials of the running minute that are counted and wait for their entry: `denials` in the
/// ledger's directory.
///
/// Kept between commands, because each refused command is a process of its own. What stands there
/// is signed into the ledger later, so only what was written with the key ring's snapshot key
/// counts. The first denial is in the ledger before its count begins here: whoever loses this file
/// loses the repetitions of one minute. Bytes that are damaged or somebody else's are no counts and
/// not nothing either: they are set aside, and the ledger says that it happened.
struct DenialFile {
  let path: String
  /// Nil where there is none: then every denial is an entry of its own.
  private let key: [UInt8]?

  init(_ workspace: Workspace, keys: KeyRing) {
    path = workspace.ledger + "/denials"
    key = try? keys.snapshotSecret()
  }

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
    guard key != nil else {
      try record()
      return false
    }
    return try LockedFile.holding(path) { file in
      guard var counts = counts(in: try file.read()) else {
        throw DenialsDamaged(path: path)
      }
      if let index = counts.firstIndex(where: { $0.covers(request, at: now) }) {
        counts[index].count(request, decision)
        try file.replace(with: bytes(counts))
        return true
      }
      try record()
      counts.append(DenialCount(request, decision, at: now))
      try file.replace(with: bytes(counts))
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
    guard key != nil, FileManager.default.fileExists(atPath: path) else {
      return  // Nobody was denied, or nobody can say who.
    }
    try LockedFile.holding(path) { file in
      let found = try file.read()
      guard let counts = counts(in: found) else {
        try setAside(found)
        try record([Self.damage(foundBy: service)])
        return try file.replace(with: bytes([]))
      }
      var kept = counts
      let over = Dictionary(grouping: counts.filter { !$0.isRunning(at: now) }, by: \.environment)
      for (_, group) in over.sorted(by: { $0.key?.rawValue ?? "" < $1.key?.rawValue ?? "" }) {
        let taken = Set(group.prefix(Limits.eventsPerEntry))
        let before = kept
        kept.removeAll(where: taken.contains)
        try file.replace(with: bytes(kept))
        let events = group.prefix(Limits.eventsPerEntry).compactMap(\.event)
        guard !events.isEmpty else { continue }
        do { try record(events) } catch {
          try file.replace(with: bytes(before))
          throw error
        }
      }
    }
  }

  /// - Throws: `LedgerError` when it is there and cannot be read.
  func content() throws -> Content {
    guard FileManager.default.fileExists(atPath: path) else { return .counts(0) }
    return try LockedFile.holding(path) { file in
      counts(in: try file.read()).map { .counts($0.count) } ?? .damaged
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

  /// Nil when they cannot be read, one of them cannot, or somebody else wrote them; none in a new
  /// file.
  private func counts(in bytes: [UInt8]) -> [DenialCount]? {
    guard !bytes.isEmpty else { return [] }
    guard let key, let object = (try? JSONValue(parsing: bytes))?.objectValue,
      let values = object["counts"]?.arrayValue, let message = try? Self.message(values),
      let code = object["hmac"]?.stringValue.flatMap(Hex.decode),
      isValidHMACSHA256(code, for: message, key: key)
    else { return nil }
    let counts = values.compactMap { try? DenialCount(json: $0) }
    return counts.count == values.count ? counts : nil
  }

  private func bytes(_ counts: [DenialCount]) throws(JSONFormError) -> [UInt8] {
    guard let key else { preconditionFailure("nothing is counted without a key") }
    let values = counts.map(\.json)
    let code = hmacSHA256(try Self.message(values), key: key)
    return try JSONValue.object(["counts": .array(values), "hmac": .string(Hex.encode(code))])
      .canonicalBytes()
  }

  /// Told apart from everything else that the key signs.
  private static func message(_ values: [JSONValue]) throws(JSONFormError) -> [UInt8] {
    try Array("stele/denials/v1\n".utf8) + JSONValue.array(values).canonicalBytes()
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
