import Events
import Projections

/// Whether what is called a rollback is one: who may roll back may bring back what ran, under a new
/// number, and nothing else.
struct RestoredReleases {
  private var configurations: [Place: [Int: ContentDigest]] = [:]
  private var releases: [Place: [Int: Ran]] = [:]

  private struct Ran {
    let build: ContentDigest?
    let configuration: ContentDigest?
  }

  /// - Returns: What is wrong, as a clause; nil where nothing is, or what was restored cannot be
  ///   read.
  mutating func take(_ recorded: Recorded) -> String? {
    guard let place = Place(recorded) else { return nil }
    switch recorded.event {
    case .configuration(let applied):
      configurations[place, default: [:]][recorded.version] = applied.digest
    case .release(let started):
      let ran = Ran(
        build: started.build,
        configuration: started.configuration.flatMap { configurations[place]?[$0] })
      defer { releases[place, default: [:]][recorded.version] = ran }
      guard let number = started.restores else { return nil }
      return complaint(about: ran, restoring: number, as: recorded.version, in: place)
    case .ledger, .key, .access, .approval, .policy, .build, .deployment, .health, .replica,
      .router, .lease, .usage, .cost, .retention, .privacy, .unknown, .unreadable:
      break  // Says nothing about what a number ran.
    }
    return nil
  }

  private func complaint(
    about ran: Ran, restoring number: Int, as own: Int, in place: Place
  ) -> String? {
    let name = "\(place.environment)#\(number)"
    guard number < own else { return "restores \(name), which came after it" }
    guard let earlier = releases[place]?[number] else { return nil }
    if let build = ran.build, let restored = earlier.build, build != restored {
      return "restores \(name) with build \(build.shortText), and that ran \(restored.shortText)"
    }
    if let configuration = ran.configuration, let restored = earlier.configuration,
      configuration != restored
    {
      return "restores \(name) with another configuration than that ran with"
    }
    return nil
  }
}
