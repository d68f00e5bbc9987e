import CanonicalJSON
import Events

/// Every release of every place by its number, and how it ended.
package struct Releases: Projection {
  package static let name = "releases"
  package static let revision = 2

  private var byPlace: [Place: [Release]] = [:]
  /// The numbers that each deployment under way took: its own, and its way back's.
  private var numbers: [DeploymentID: [Int]] = [:]
  /// What the entry under way says about the number that it takes.
  private var announced: Announcement?

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard let place = Place(recorded) else { return }
    switch recorded.event {
    case .release(let started): add(started, recorded, in: place)
    case .configuration:
      announce(Announcement(recorded, configurationVersion: recorded.version), in: place)
    case .deployment(let event): follow(event, recorded, in: place)
    case .ledger, .key, .access, .approval, .policy, .build, .health, .replica, .router, .lease,
      .usage,
      .cost, .retention, .privacy, .review, .secret, .drift, .sync, .unknown, .unreadable:
      break  // Takes no number and ends none.
    }
  }

  /// By number, ascending and dense.
  package func all(in place: Place) -> [Release] { byPlace[place] ?? [] }

  package func latest(in place: Place) -> Release? { byPlace[place]?.last }

  /// The newest that was recorded by `time`, whatever became of it.
  package func newest(in place: Place, by time: Timestamp) -> Release? {
    byPlace[place]?.last { $0.recorded <= time }
  }

  /// The number that the place's next release takes.
  package func nextNumber(in place: Place) -> Int { (latest(in: place)?.number ?? 0) + 1 }

  package func number(_ number: Int, in place: Place) -> Release? {
    index(of: number, in: place).flatMap { byPlace[place]?[$0] }
  }

  /// Where a number stands: numbers are dense, so a ledger that lost some has none of the later
  /// ones.
  private func index(of number: Int, in place: Place) -> Int? {
    guard let releases = byPlace[place], releases.indices.contains(number - 1),
      releases[number - 1].number == number
    else { return nil }
    return number - 1
  }

  /// Places that have a release, in order.
  package var places: [Place] { byPlace.keys.sorted() }

  /// The deployment that took this number; nil for a mere wish.
  package func deployment(of number: Int, in place: Place) -> DeploymentID? {
    self.number(number, in: place)?.deployment
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    announced = try fields.takeOptional("announced")
    byPlace = try fields.take("byPlace")
    numbers = try fields.take("numbers")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("announced", announced)
    fields.put("byPlace", byPlace)
    fields.put("numbers", numbers)
  }
}

// MARK: Following the events

extension Releases {
  /// Takes the next number, with what it restores or what came before where nobody says otherwise.
  private mutating func add(_ started: ReleaseStarted, _ recorded: Recorded, in place: Place) {
    let restored = started.restores.flatMap { number($0, in: place) }
    byPlace[place, default: []].append(
      Release(started, recorded, after: restored ?? latest(in: place)))
    if let announced { announce(announced, in: place) }
  }

  private mutating func follow(_ event: DeploymentEvent, _ recorded: Recorded, in place: Place) {
    guard let id = recorded.deployment else { return }
    switch event {
    case .started(let started):
      take(started.release, id)
      let announcement = Announcement(
        recorded, deployment: id, build: started.build,
        configurationVersion: started.configurationVersion)
      announce(announcement, in: place)
    case .rollbackStarted(let begun):
      take(begun.release, id)
      announce(Announcement(recorded, deployment: id), in: place)
    case .succeeded(let end): finish(id, end.release, [.succeeded], recorded, in: place)
    case .rolledBack(let end):
      finish(id, end.release, [.rolledBack, .succeeded], recorded, in: place)
    case .rollbackFailed(let end):
      finish(id, end.release, [.rollbackFailed, .rollbackFailed], recorded, in: place)
    case .failed(let end): finish(id, end.release, [Outcome(end.outcome)], recorded, in: place)
    case .stepStarted, .stepFinished, .replicaExited, .judged, .abortRequested:
      break  // Still under way.
    }
  }

  /// Says more about the number that an entry takes, whether its event stands before or after.
  private mutating func announce(_ announcement: Announcement, in place: Place) {
    guard let latest = latest(in: place), latest.position == announcement.position else {
      announced = announcement
      return
    }
    announced = nil
    complete(latest, by: announcement, in: place)
  }

  private mutating func complete(
    _ release: Release, by announcement: Announcement, in place: Place
  ) {
    guard let index = index(of: release.number, in: place) else { return }
    announcement.complete(&byPlace[place, default: []][index])
  }

  private mutating func take(_ number: Int, _ id: DeploymentID) {
    numbers[id, default: []].append(number)
  }

  /// - Parameters:
  ///   - release: What the end itself names, when the deployment's start could not be read.
  ///   - outcomes: Of the deployment's own number, then of its way back's.
  private mutating func finish(
    _ id: DeploymentID, _ release: Int, _ outcomes: [Outcome], _ recorded: Recorded,
    in place: Place
  ) {
    let taken = numbers.removeValue(forKey: id) ?? [release]
    for (number, outcome) in zip(taken, outcomes) {
      guard let index = index(of: number, in: place) else { continue }
      byPlace[place]?[index].outcome = outcome
      byPlace[place]?[index].ended = recorded.recorded
    }
  }
}

/// What the other event of an entry says about the release number that it takes; over with the
/// entry.
private struct Announcement: Hashable, Sendable {
  let position: Int
  let deployment: DeploymentID?
  let build: ContentDigest?
  let configurationVersion: Int?

  init(
    _ recorded: Recorded, deployment: DeploymentID? = nil, build: ContentDigest? = nil,
    configurationVersion: Int? = nil
  ) {
    position = recorded.position
    self.deployment = deployment
    self.build = build
    self.configurationVersion = configurationVersion
  }

  func complete(_ release: inout Releases.Release) {
    release.deployment = deployment
    release.build = build ?? release.build
    release.configurationVersion = configurationVersion ?? release.configurationVersion
  }
}

extension Announcement: ObjectValue {
  init(fields: inout FieldReader) throws(FormFault) {
    build = try fields.takeOptional("build")
    configurationVersion = try fields.takeOptional("configuration", in: FieldRange.fromOne)
    deployment = try fields.takeOptional("deployment")
    position = try fields.take("position", in: FieldRange.fromZero)
  }

  func write(to fields: inout FieldWriter) {
    fields.put("build", build)
    fields.put("configuration", configurationVersion)
    fields.put("deployment", deployment)
    fields.put("position", position)
  }
}
