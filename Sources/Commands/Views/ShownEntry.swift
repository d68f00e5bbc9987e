import CanonicalJSON
import Events
import LedgerStore

/// One stored entry, read for showing; a pruned one still has its header.
struct ShownEntry {
  let stored: StoredEntry
  let header: EntryHeader
  /// One object an event; nil once the body was pruned.
  let data: [JSONObject]?

  /// - Throws: `LedgerError.rowDamaged`: the row is not what was appended.
  init(_ stored: StoredEntry) throws(LedgerError) {
    self.stored = stored
    (header, data) = try stored.parts()
  }

  var position: Int { stored.position }

  /// One event of it.
  struct Event {
    let index: Int
    let run: EventRun
    let version: Int
    /// Nil once the body was pruned.
    let data: JSONObject?
  }

  var events: [Event] {
    var events: [Event] = []
    for run in header.events {
      for offset in 0..<run.count {
        events.append(
          Event(
            index: events.count, run: run, version: run.version + offset,
            data: data?[events.count]))
      }
    }
    return events
  }

  /// Of the first event that names one.
  var environment: EnvironmentName? { header.events.lazy.compactMap(\.environment).first }
  var application: ApplicationName? { header.events.lazy.compactMap(\.application).first }

  /// Who acted, short; and who attests it, where nothing of theirs signs.
  var actor: String {
    guard let behalf = header.behalf else { return header.actor.short }
    return "\(behalf.actor.short), attested by \(header.actor.short)"
  }

  /// Each kind once, without its version: `key.registered ×5`.
  var kinds: String {
    var counts: [(kind: String, count: Int)] = []
    for run in header.events {
      let kind = run.kind.short
      if let index = counts.firstIndex(where: { $0.kind == kind }) {
        counts[index].count += run.count
      } else {
        counts.append((kind, run.count))
      }
    }
    return counts.map { $0.count == 1 ? $0.kind : "\($0.kind) ×\($0.count)" }
      .joined(separator: ", ")
  }

  /// The first stream with its version, and how many others the entry writes.
  var streams: String {
    guard let first = header.events.first else { return "-" }
    let others = Set(header.events.map(\.stream)).count - 1
    return "\(first.stream.short) \(first.version)" + (others > 0 ? " +\(others)" : "")
  }

  static let eventSchema = "stele.event"

  /// One object an event, as `--output jsonl` prints them.
  var records: [JSONObject] {
    events.map { event in
      var record: JSONObject = [
        "actor": .string("\(header.actor)"), "at": .string("\(header.at)"),
        "entry": .string("\(header.entry)"), "index": .integer(Int64(event.index)),
        "kind": .string(event.run.kind.text), "position": .integer(Int64(position)),
        "recorded": .string("\(stored.recorded)"), "stream": .string(event.run.stream.text),
        "streamVersion": .integer(Int64(event.version)),
      ]
      record["application"] = event.run.application.map { .string($0.rawValue) }
      record["behalf"] = header.behalf.map { .string("\($0.actor)") }
      record["data"] = event.data.map { .object($0) }
      record["environment"] = event.run.environment.map { .string($0.rawValue) }
      return record
    }
  }
}

extension ActorID {
  /// Its random end: the beginning is the time, which people made together share.
  var short: String { String(description.suffix(12)) }
}

extension KeyID {
  /// Enough to name it to `stele key revoke`.
  var short: String { String(hex.prefix(16)) }
}

extension EventKind {
  /// Without its version: `deployment.started`.
  fileprivate var short: String { text.split(separator: ".").prefix(2).joined(separator: ".") }
}

extension StreamName {
  /// A key's stream with its short id.
  fileprivate var short: String {
    KeyID(hex: String(name)).map { "\(prefix)/\($0.short)" } ?? text
  }
}
