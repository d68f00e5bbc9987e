import Events
import LedgerStore
import Projections

extension LedgerReader {
  /// Entries with data of a known kind that cannot be read, whoever may record the kind: their
  /// streams count a version that no answer has.
  ///
  /// - Throws: `LedgerError` when an entry is not what was appended.
  func unreadablePositions() throws -> [Int] {
    var positions: [Int] = []
    try forEachEntry(in: 0..<head().size) { view in
      if try view.events().contains(where: \.isUnreadable) { positions.append(view.position) }
      return true
    }
    return positions
  }
}

extension EntryView {
  fileprivate func events() throws(LedgerError) -> [Recorded] {
    guard let recorded = Timestamp(microseconds: recorded) else {
      throw .rowDamaged(position: position, detail: "its time is beyond the calendar")
    }
    let entry = BorrowedEntry(position: position, recorded: recorded, header: header, body: body)
    do { return try entry.eventsAsAppended() } catch {
      throw .rowDamaged(position: position, detail: error.clause)
    }
  }
}

extension Recorded {
  fileprivate var isUnreadable: Bool {
    if case .unreadable = event { true } else { false }
  }
}
