import Events
import LedgerStore
import Projections

/// Which entries somebody asked to see: a filter, narrowed to what belongs to releases.
package struct EntryRange: Sendable {
  package var filter: EntryFilter
  /// Nil is every position.
  package private(set) var positions: Range<Int>?
  /// Entries of this stream are meant wherever they stand.
  package private(set) var story: StreamName?

  package init(_ filter: EntryFilter) { self.filter = filter }

  /// Only one release: its deployment from beginning to end, and what its environment saw until
  /// the next release.
  package mutating func narrow(
    to selector: Selector, of application: ApplicationName, in state: LedgerState
  ) throws(SelectorError) {
    let release = try state.releases.resolve(selector, of: application)
    let place = Place(application, selector.environment)
    positions = release.position..<state.releases.end(of: release, in: place)
    story = filter.stream == nil ? release.deployment.map(StreamName.deployment) : nil
    if filter.environment == nil { filter.environment = selector.environment }
  }

  /// Everything from one release to the end of another, in any environment unless both are of one.
  package mutating func narrow(
    to range: SelectorRange, of application: ApplicationName, in state: LedgerState
  ) throws {
    let first = try state.releases.resolve(range.from, of: application)
    let last = try state.releases.resolve(range.to, of: application)
    guard first.position <= last.position else {
      throw EntryRangeError.backwards(range, first: first.position, last: last.position)
    }
    let place = Place(application, range.to.environment)
    positions = first.position..<state.releases.end(of: last, in: place)
    if filter.environment == nil, range.from.environment == range.to.environment {
      filter.environment = range.to.environment
    }
  }

  /// Positions of all matching entries, ascending.
  package func positions(in reader: LedgerReader) throws -> [Int] {
    guard let positions else { return try reader.positions(matching: filter) }
    var found = Set(try reader.positions(matching: filter).filter(positions.contains))
    if let story {
      var wanted = filter
      wanted.stream = story
      found.formUnion(try reader.positions(matching: wanted))
    }
    return found.sorted()
  }
}

extension Releases {
  /// Where the place's next release stands; no end for the newest.
  func end(of release: Release, in place: Place) -> Int {
    number(release.number + 1, in: place)?.position ?? .max
  }
}

/// Why no entries were chosen.
package enum EntryRangeError: ExitingError, Equatable {
  case backwards(SelectorRange, first: Int, last: Int)

  package var exitStatus: ExitStatus { .usage }

  package var description: String {
    switch self {
    case .backwards(let range, let first, let last):
      """
      Nothing is between them: \(range.from) stands at position \(first) and \(range.to) before \
      it, at \(last).
      Write it the other way round: `stele log \(range.to)..\(range.from)`
      """
    }
  }
}
