import CanonicalJSON
import Events

/// Deployments for which somebody broke the glass, and whether others have looked at them.
package struct Reviews: Projection {
  package static let name = "reviews"
  package static let revision = 2

  private var byPlace: [Place: [Review]] = [:]
  private var versions: [Place: Int] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .review(let event) = recorded.event, let place = Place(recorded) else { return }
    versions[place] = recorded.version
    switch event {
    case .opened(let opened):
      byPlace[place, default: []].append(Review(opened, recorded, in: place))
    case .closed(let closed):
      guard let index = byPlace[place]?.firstIndex(where: { $0.number == closed.number }),
        byPlace[place]?[index].closing == nil
      else { return }
      byPlace[place]?[index].closing = Closing(closed, recorded)
    }
  }

  /// In the order of their places, and then of their numbers.
  package var all: [Review] { byPlace.sorted { $0.key < $1.key }.flatMap(\.value) }

  package func review(_ number: Int, in place: Place) -> Review? {
    byPlace[place]?.first { $0.number == number }
  }

  /// The version of the place's review stream.
  package func version(in place: Place) -> Int { versions[place] ?? 0 }

  package init(fields: inout FieldReader) throws(FormFault) {
    byPlace = try fields.take("byPlace")
    versions = try fields.take("versions")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("byPlace", byPlace)
    fields.put("versions", versions)
  }
}

extension Reviews {
  package struct Review: Hashable, Sendable {
    package let place: Place
    /// The version of its beginning in the place's stream.
    package let number: Int
    package let due: Timestamp
    package let passed: [MachineWords]
    /// Who broke the glass.
    package let actor: ActorID
    package let entry: EntryID
    package let position: Int
    package let recorded: Timestamp
    package internal(set) var closing: Closing?

    init(_ opened: ReviewOpened, _ recorded: Recorded, in place: Place) {
      self.place = place
      number = recorded.version
      due = opened.due
      passed = opened.passed
      actor = recorded.actingFor
      entry = recorded.entry
      position = recorded.position
      self.recorded = recorded.recorded
    }

    /// Whether nobody has closed it in time: not at all by `now`, or too late.
    package func isMissed(at now: Timestamp) -> Bool { due < (closing?.recorded ?? now) }
  }

  /// What somebody else said of it.
  package struct Closing: Hashable, Sendable {
    package let finding: ReviewFinding
    package let actor: ActorID
    package let position: Int
    package let recorded: Timestamp

    init(_ closed: ReviewClosed, _ recorded: Recorded) {
      finding = closed.finding
      actor = recorded.actor
      position = recorded.position
      self.recorded = recorded.recorded
    }
  }
}

extension Reviews.Review: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    closing = try fields.takeOptional("closing")
    due = try fields.take("due")
    entry = try fields.take("entry")
    number = try fields.take("number", in: FieldRange.fromOne)
    passed = try fields.take("passed")
    place = try fields.take("place")
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("closing", closing)
    fields.put("due", due)
    fields.put("entry", entry)
    fields.put("number", number)
    fields.put("passed", passed)
    fields.put("place", place)
    fields.put("position", position)
    fields.put("recorded", recorded)
  }
}

extension Reviews.Closing: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    finding = try fields.take("finding")
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("finding", finding)
    fields.put("position", position)
    fields.put("recorded", recorded)
  }
}
