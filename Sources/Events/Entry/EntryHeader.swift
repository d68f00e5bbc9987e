import CanonicalJSON

/// The part of an entry that is signed and never pruned: who recorded what kind of thing, when, in
/// which streams, and which history they had seen.
///
///     {"actor":…,"at":…,"because":[…],"behalf":…,"body":…,"entry":…,"events":[…],"expects":{…},"ledger":…,"seen":{…},"v":1}
package struct EntryHeader: Hashable, Sendable {
  /// The signer.
  package let actor: ActorID
  /// The signer's clock; a claim.
  package let at: Timestamp
  /// Earlier entries that allowed or caused this one; unique.
  package let because: [EntryID]
  package let behalf: Behalf?
  /// SHA-256 of ``EntryBody/digestPrefix`` and the body's bytes.
  package let body: Digest
  package let entry: EntryID
  /// At least one; neighbours differ in kind or stream.
  package let events: [EventRun]
  /// Versions of streams that the decision read and this entry does not write; 0 is absent.
  package let expects: [StreamName: Int]
  package let ledger: Origin
  package let seen: Seen

  package init(
    actor: ActorID, at: Timestamp, because: [EntryID], behalf: Behalf?, body: Digest,
    entry: EntryID, events: [EventRun], expects: [StreamName: Int], ledger: Origin, seen: Seen
  ) {
    self.actor = actor
    self.at = at
    self.because = because
    self.behalf = behalf
    self.body = body
    self.entry = entry
    self.events = events
    self.expects = expects
    self.ledger = ledger
    self.seen = seen
  }

  /// How many events the entry has.
  package var eventCount: Int { events.reduce(0) { $0 + $1.count } }

  package var canonicalBytes: [UInt8] { Array(canonicalText.utf8) }

  /// Every piece is ASCII that needs no escape, so the text is put together as it stands.
  package var canonicalText: String {
    var text = "{\"actor\":\"\(actor)\",\"at\":\"\(at)\",\"because\":["
    text += because.map { "\"\($0)\"" }.joined(separator: ",")
    text += "]"
    if let behalf {
      text += ",\"behalf\":{\"actor\":\"\(behalf.actor)\",\"evidence\":\"\(behalf.evidence.hex)\"}"
    }
    text += ",\"body\":\"\(body.hex)\",\"entry\":\"\(entry)\",\"events\":["
    text += events.map(\.canonicalText).joined(separator: ",")
    text += "],\"expects\":{"
    text += expects.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
      .joined(separator: ",")
    text += "},\"ledger\":\"\(ledger)\",\"seen\":{\"root\":\"\(seen.root.hex)\""
    text += ",\"size\":\(seen.size)},\"v\":1}"
    return text
  }
}

extension EventRun {
  fileprivate var canonicalText: String {
    var text = "{"
    if let application { text += "\"application\":\"\(application)\"," }
    text += "\"count\":\(count),"
    if let environment { text += "\"environment\":\"\(environment)\"," }
    return text + "\"kind\":\"\(kind)\",\"stream\":\"\(stream)\",\"version\":\(version)}"
  }
}
