import CanonicalJSON
import Events
import LedgerStore
import Projections

/// One entry as `stele show` prints it: everything that its signatures are over, and its place.
struct EntryView {
  let entry: ShownEntry
  let keys: Keys
  /// What the vault answered, for values that somebody was allowed to open.
  let revealed: [SealedPlace: Revealed]

  /// - Throws: `JSONFormError` when a revealed value has no canonical form.
  func document() throws -> Document {
    Document(
      schema: "stele.show", fields: fields, records: records, of: ShownEntry.eventSchema,
      text: try (header + body()).map(Passage.line))
  }

  /// One object an event, with what was revealed of it.
  private var records: [JSONObject] {
    entry.records.enumerated().map { index, record in
      let opened = places.filter { $0.index == index && !revealed.isEmpty }
      guard !opened.isEmpty else { return record }
      var record = record
      record["revealed"] = .array(opened.map { .object(json(of: $0)) })
      return record
    }
  }

  private var leaf: Digest {
    entry.stored.line.bytes.withUnsafeBytes { LibcryptoHashing().leaf($0) }
  }

  private var fields: JSONObject {
    let header = entry.header
    var fields: JSONObject = [
      "actor": .string("\(header.actor)"), "at": .string("\(header.at)"),
      "because": .array(header.because.map { .string("\($0)") }), "body": .string(header.body.hex),
      "entry": .string("\(header.entry)"),
      "events": .array(entry.records.map(JSONValue.object)),
      "expects": .object(expects), "leaf": .string(leaf.hex),
      "ledger": .string(header.ledger.description), "position": .integer(Int64(entry.position)),
      "pruned": .bool(entry.data == nil), "recorded": .string("\(entry.stored.recorded)"),
      "seen": [
        "root": .string(header.seen.root.hex), "size": .integer(Int64(header.seen.size)),
      ],
      "signatures": .array(entry.stored.signatures.map { .object(json(of: $0)) }),
    ]
    fields["behalf"] = header.behalf.map {
      ["actor": .string("\($0.actor)"), "evidence": .string($0.evidence.hex)]
    }
    if !revealed.isEmpty { fields["revealed"] = .array(places.map { .object(json(of: $0)) }) }
    return fields
  }

  private var expects: JSONObject {
    var expects: JSONObject = [:]
    for (stream, version) in entry.header.expects {
      expects[stream.text] = .integer(Int64(version))
    }
    return expects
  }

  private func json(of signature: EntrySignature) -> JSONObject {
    var object: JSONObject = [
      "keyid": .string(signature.keyid.hex),
      "signature": .string(Base64.encode(signature.signature)),
    ]
    object["role"] = keys.byID[signature.keyid].map { .string($0.role.rawValue) }
    return object
  }

  private var places: [SealedPlace] { SealedPlace.all(in: entry.data ?? []) }

  private func json(of place: SealedPlace) -> JSONObject {
    var object: JSONObject = [
      "index": .integer(Int64(place.index)), "pointer": .string(place.pointer),
      "subject": .string("\(place.sealed.subject)"),
    ]
    switch revealed[place] {
    case .value(let value):
      object["state"] = "revealed"
      object["value"] = value
    case .erased: object["state"] = "erased"
    case .missing, nil: object["state"] = "unreadable"
    }
    return object
  }
}

// For people.
extension EntryView {
  private var header: [String] {
    let header = entry.header
    var lines = [
      "entry      \(entry.position)  \(header.entry)",
      "recorded   \(entry.stored.recorded) by the log's clock",
      "at         \(header.at) by the signer's clock",
    ]
    if let behalf = header.behalf {
      lines.append("actor      \(behalf.actor), attested by \(header.actor)")
      lines.append("evidence   \(behalf.evidence)")
    } else {
      lines.append("actor      \(header.actor)")
    }
    lines += [
      "ledger     \(header.ledger)",
      "seen       \(header.seen.size) entries, root \(header.seen.root)",
    ]
    lines += header.because.map { "because    \($0)" }
    lines += header.expects.sorted { $0.key < $1.key }.map { "expects    \($0.key) at \($0.value)" }
    lines += entry.stored.signatures.map { signature in
      let role = keys.byID[signature.keyid]?.role.rawValue ?? "unknown"
      return "signed by  \(signature.keyid.short)  \(role)"
    }
    return lines + ["leaf       \(leaf)"]
  }

  private func body() throws -> [String] {
    var lines: [String] = []
    for event in entry.events {
      let scope = event.run.scope
      lines += ["", "\(event.run.kind)  \(event.run.stream) \(event.version)  \(scope)"]
      guard let data = event.data else {
        lines.append("  pruned: only the digest of its data is left")
        continue
      }
      for (key, value) in data { lines.append("  \(key)  \(try value.canonicalText())") }
      lines += try places.filter { $0.index == event.index }.compactMap { try line(of: $0) }
    }
    return lines
  }

  /// JSON's own spelling, so that nothing in it can steer a terminal.
  private func line(of place: SealedPlace) throws -> String? {
    guard !revealed.isEmpty else {
      return "  sealed \(place.pointer)  somebody's own words: --reveal opens them"
    }
    switch revealed[place] {
    case .value(let value): return "  revealed \(place.pointer)  \(try value.canonicalText())"
    case .erased(let subject): return "  erased \(place.pointer)  \(subject) was erased for ever"
    case .missing, nil:
      return "  unreadable \(place.pointer)  the vault cannot open it, and no erasure is known"
    }
  }
}
