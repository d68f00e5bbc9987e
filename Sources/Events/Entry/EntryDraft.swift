import CanonicalJSON

/// One event that somebody wants to record, before it has a version.
package struct DraftEvent: Hashable, Sendable {
  package let stream: StreamName
  package let kind: EventKind
  package let scope: Scope
  package let data: JSONObject

  package init(_ payload: some EventPayload, in stream: StreamName, scope: Scope = Scope()) {
    self.init(kind: type(of: payload).kind, data: payload.data, in: stream, scope: scope)
  }

  package init(kind: EventKind, data: JSONObject, in stream: StreamName, scope: Scope = Scope()) {
    self.stream = stream
    self.kind = kind
    self.scope = scope
    self.data = data
  }
}

/// What an actor wants to record in one entry, before history and signatures are known.
///
/// Building it is a pure function of the streams' next versions, so a conflict is resolved by
/// deciding again and building again.
package struct EntryDraft: Hashable, Sendable {
  /// At least one; runs are made of neighbours of equal kind and stream.
  package var events: [DraftEvent]
  /// Versions of streams that the decision read and the draft does not write.
  package var expects: [StreamName: Int]
  /// Earlier entries that allowed or caused this one.
  package var because: [EntryID]

  package init(
    _ events: [DraftEvent], expects: [StreamName: Int] = [:], because: [EntryID] = []
  ) {
    self.events = events
    self.expects = expects
    self.because = because
  }

  /// Streams that the draft writes, in order, each once.
  package var streams: [StreamName] {
    var streams: [StreamName] = []
    for event in events where !streams.contains(event.stream) { streams.append(event.stream) }
    return streams
  }

  package func body(salt: [UInt8]) -> EntryBody {
    EntryBody(data: events.map(\.data), salt: salt)
  }

  /// The header that binds `body`.
  ///
  /// - Parameters:
  ///   - body: SHA-256 of ``EntryBody/digestPrefix`` and the canonical bytes of ``body(salt:)``.
  ///   - nextVersion: The version that a stream's next event takes, 1 for a new stream.
  package func header(
    entry: EntryID, actor: ActorID, behalf: Behalf? = nil, at: Timestamp, ledger: Origin,
    seen: Seen, body: Digest, nextVersion: (StreamName) throws -> Int
  ) rethrows -> EntryHeader {
    EntryHeader(
      actor: actor, at: at, because: because, behalf: behalf, body: body, entry: entry,
      events: try runs(nextVersion: nextVersion), expects: expects, ledger: ledger, seen: seen)
  }

  /// Neighbours of equal kind and stream as one run, numbered on from `nextVersion`.
  package func runs(nextVersion: (StreamName) throws -> Int) rethrows -> [EventRun] {
    var next: [StreamName: Int] = [:]
    var runs: [EventRun] = []
    for event in events {
      let version = try next[event.stream] ?? nextVersion(event.stream)
      next[event.stream] = version + 1
      if let last = runs.last, last.kind == event.kind, last.stream == event.stream {
        runs[runs.count - 1] = last.extended()
      } else {
        runs.append(
          EventRun(
            scope: event.scope, count: 1, kind: event.kind, stream: event.stream,
            version: version))
      }
    }
    return runs
  }
}

extension EventRun {
  fileprivate func extended() -> EventRun {
    EventRun(scope: scope, count: count + 1, kind: kind, stream: stream, version: version)
  }
}
