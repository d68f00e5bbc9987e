import CanonicalJSON
import Events

extension LedgerState {
  /// Takes in the next entry as the store has it: probes where they stand, what no answer depends
  /// on not at all, everything else read properly.
  ///
  /// - Precondition: Entries come by position, without a gap.
  package mutating func apply(_ entry: BorrowedEntry) throws(EntryFormError) {
    precondition(entry.position == size, "entry \(entry.position) follows \(size) entries")
    switch look(at: entry) {
    case .none: break
    case .probes: try applyProbes(of: entry)
    case .all:
      let events = try entry.eventsAsAppended()
      for recorded in events { apply(recorded) }
      if events.isEmpty { take(try EntryHeader(parsing: Array(entry.header))) }
    }
    size = entry.position + 1
  }

  /// Takes in an entry whose body is pruned: how far it went on with its streams.
  package mutating func take(_ header: EntryHeader) { streams.take(header) }

  /// Says what is to be done with an entry, of one that is not read properly also taking note of
  /// its streams.
  private mutating func look(at entry: BorrowedEntry) -> RunGlance.Interest {
    guard var header = HeaderGlance(entry.header) else { return .all }
    var interest = RunGlance.Interest.none
    do {
      while let run = try header.next() {
        streams.take(run)
        switch run.interest {
        case .all: return .all
        case .probes: interest = .probes
        case .none: break
        }
      }
    } catch { return .all }
    return interest
  }

  /// Takes in an entry of probes and of what no answer depends on.
  private mutating func applyProbes(of entry: BorrowedEntry) throws(EntryFormError) {
    guard let body = entry.body else { return }  // Pruned: nothing is known of them any more.
    do { try applyProbes(of: entry, in: body) } catch { throw EntryFormError.bodyForm(error) }
  }

  private mutating func applyProbes(
    of entry: BorrowedEntry, in body: UnsafeRawBufferPointer
  ) throws(FormFault) {
    guard var header = HeaderGlance(entry.header) else { return }
    do {
      var cursor = JSONCursor(body)
      try cursor.beginObject()
      _ = try cursor.nextKey()
      try cursor.beginArray()
      var index = 0
      while let run = try header.next() {
        for offset in 0..<run.count where try cursor.nextElement() {
          if try !applyProbe(in: run, of: entry, &cursor) {
            let data = try cursor.readObject()
            applyProperly(entry.event(index, of: run, offset, data: data, header))
          }
          index += 1
        }
      }
    } catch { throw FormFault.json(error) }
  }

  /// False when the object at `cursor` must be read properly; the cursor then still stands there.
  private mutating func applyProbe(
    in run: RunGlance, of entry: BorrowedEntry, _ cursor: inout JSONCursor
  ) throws(JSONFormError) -> Bool {
    guard run.interest == .probes else {
      try cursor.skipValue()
      return true
    }
    let start = cursor
    let moment = HealthStates.Health.When(position: entry.position, recorded: entry.recorded)
    guard let probe = try ProbeGlance(&cursor), health.take(probe, in: run, at: moment) else {
      cursor = start
      return false
    }
    if let id = probe.deployment { deployments.count(probe.verdict, for: id, at: entry.position) }
    return true
  }

  /// Takes in an event; one whose run has no readable names counts as unreadable.
  private mutating func applyProperly(_ recorded: Recorded?) {
    guard let recorded else {
      unreadable += 1
      return
    }
    apply(recorded)
  }
}
