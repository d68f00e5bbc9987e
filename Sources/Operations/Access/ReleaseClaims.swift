import Environments
import Events
import Projections

/// Whether releases are what the entries that start them say: a deployment and its release number
/// agree, a build is what its digest names, all of it runs as its configuration says, and what is
/// called a rollback brings back what ran, under a new number, and nothing else.
struct ReleaseClaims {
  private var builds: [ContentDigest: [ComponentName: ContentDigest]] = [:]
  private var configurations: [Place: [Int: Applied]] = [:]
  private var releases: [Place: [Int: Ran]] = [:]
  /// Numbers that served, proven, and where that was first recorded.
  private var good: [Place: [Int: Int]] = [:]

  /// What is wrong with an event, as a clause.
  typealias Complaint = (event: Recorded, what: String)

  private struct Ran {
    let build: ContentDigest?
    let configuration: ContentDigest?
  }

  private struct Applied {
    let digest: ContentDigest
    /// What it says of each; nil where a newer program wrote it.
    let components: [ComponentPlan]?
    /// Nil as they are.
    let terms: RolloutTerms?

    init(_ applied: ConfigurationApplied) {
      digest = applied.digest
      let resolved = try? ResolvedConfiguration(recorded: applied.configuration)
      components = resolved?.application.components
      terms = resolved.map(RolloutTerms.init)
    }
  }

  /// - Parameter entry: All its events.
  /// - Returns: What is wrong, as far as this program knows the kinds: to an older one than wrote
  ///   them, a build or an end may seem never to have been recorded.
  mutating func take(_ entry: [Recorded]) -> [Complaint] {
    for event in entry {
      if case .configuration(let applied) = event.event, let place = Place(event) {
        configurations[place, default: [:]][event.version] = Applied(applied)
      }
    }
    var complaints: [Complaint] = []
    for event in entry {
      switch event.event {
      case .build(let build):
        if let what = learn(build, of: event.application) { complaints.append((event, what)) }
      case .release(let release):
        if let what = learn(release, event) { complaints.append((event, what)) }
      case .deployment(.started(let deployment)):
        if let what = complaint(about: deployment, event, in: entry) {
          complaints.append((event, what))
        }
      case .deployment(.succeeded(let end)): learn([end.release], event)
      case .deployment(.rolledBack(let end)): learn([end.release, end.restored], event)
      case .ledger, .key, .access, .approval, .policy, .configuration, .deployment, .health,
        .replica, .router, .lease, .usage, .cost, .retention, .privacy, .review, .secret, .drift,
        .sync, .unknown,
        .unreadable:
        break  // Says nothing about what a number runs.
      }
    }
    return complaints
  }
}

// MARK: Builds

extension ReleaseClaims {
  private mutating func learn(_ build: BuildRecorded, of application: ApplicationName?) -> String? {
    guard let application else { return nil }
    let names = Set(build.components.map(\.name))
    guard !names.isEmpty, names.count == build.components.count else {
      return "names no component, or one twice"
    }
    let own = Build(
      application: application,
      components: build.components.map {
        Build.Component(name: $0.name, artifact: $0.artifact, sizeBytes: $0.sizeBytes)
      }
    ).digest
    guard own == build.build else {
      return "calls build \(build.build.shortText) what is build \(own.shortText)"
    }
    builds[own] = Dictionary(uniqueKeysWithValues: build.components.map { ($0.name, $0.artifact) })
    return nil
  }

  /// Whether it runs all of its build, and nothing else.
  private func unbuilt(_ deployment: DeploymentStarted, in place: Place) -> String? {
    let short = deployment.build.shortText
    guard let build = builds[deployment.build] else {
      return "runs build \(short), which nobody recorded"
    }
    var missing = Set(build.keys)
    for component in deployment.components {
      guard build[component.name] == component.artifact else {
        return "runs \(component.name) from \(component.artifact.shortText), which is not in build "
          + short
      }
      guard missing.remove(component.name) != nil else { return "runs \(component.name) twice" }
    }
    return missing.min().map { "leaves out \($0), which is in build \(short)" }
      ?? unplanned(deployment, in: place)
  }

  /// Whether it runs each as its configuration says, and comes there as it says.
  private func unplanned(_ deployment: DeploymentStarted, in place: Place) -> String? {
    let number = deployment.configurationVersion
    guard let applied = configurations[place]?[number], let components = applied.components else {
      return nil
    }
    let other = deployment.components.first { component in
      components.first { $0.name == component.name }?.running(component.artifact) != component
    }
    if let other {
      return "runs \(other.replicas) of \(other.name), otherwise than configuration \(number) says"
    }
    return RolloutTerms(deployment) == applied.terms
      ? nil : "is brought out by other limits, or another way, than configuration \(number) says"
  }
}

// MARK: Releases

extension ReleaseClaims {
  /// The position from which on a build has served in a place, proven; nil where it never has.
  func served(_ build: ContentDigest, in place: Place) -> Int? {
    let own = releases[place] ?? [:]
    return good[place]?.filter { own[$0.key]?.build == build }.values.min()
  }

  private mutating func learn(_ good: Set<Int>, _ event: Recorded) {
    guard let place = Place(event) else { return }
    for number in good where self.good[place]?[number] == nil {
      self.good[place, default: [:]][number] = event.position
    }
  }

  private mutating func learn(_ release: ReleaseStarted, _ event: Recorded) -> String? {
    guard let place = Place(event) else { return nil }
    let ran = Ran(
      build: release.build,
      configuration: release.configuration.flatMap { configurations[place]?[$0]?.digest })
    defer { releases[place, default: [:]][event.version] = ran }
    switch (release.cause, release.restores) {
    case (.rollback, let number?):
      guard release.build != nil, release.configuration != nil else {
        return "is a rollback and names no build, or no configuration"
      }
      return complaint(about: ran, restoring: number, as: event.version, in: place)
    case (.rollback, nil): return "is a rollback and does not say of what"
    case (.deployment, let number?), (.configuration, let number?):
      return "restores \(place.environment)#\(number) and is no rollback"
    case (.deployment, nil), (.configuration, nil): return nil
    }
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

  private func complaint(
    about deployment: DeploymentStarted, _ event: Recorded, in entry: [Recorded]
  ) -> String? {
    guard let place = Place(event) else { return nil }
    guard deployment.cause != .configuration else {
      return "starts for a mere configuration, which waits for a deployment"
    }
    let own = entry.lazy.filter { Place($0) == place }.compactMap { event in
      event.startedRelease.map { (number: event.version, release: $0) }
    }.first
    if let number = deployment.restores, good[place]?[number] == nil {
      return "restores \(place.environment)#\(number), which never ran healthy"
    }
    guard !deployment.skipsWaits || deployment.cause == .rollback else {
      return "skips its waits and is no rollback"
    }
    return disagreement(of: deployment, with: own) ?? unbuilt(deployment, in: place)
  }

  /// What a deployment starts is what its entry's release number is given to.
  private func disagreement(
    of deployment: DeploymentStarted, with own: (number: Int, release: ReleaseStarted)?
  ) -> String? {
    guard let (number, release) = own else { return "takes no release number" }
    let pairs: [(field: String, its: String?, releases: String?)] = [
      ("release", "\(deployment.release)", "\(number)"),
      ("cause", deployment.cause.rawValue, release.cause.rawValue),
      ("build", "\(deployment.build)", release.build.map { "\($0)" }),
      (
        "configuration", "\(deployment.configurationVersion)",
        release.configuration.map { "\($0)" }
      ),
      ("restores", deployment.restores.map { "\($0)" }, release.restores.map { "\($0)" }),
    ]
    return pairs.first { $0.its != $0.releases }.map {
      "starts with \($0.field) \($0.its ?? "none"), and its release says "
        + ($0.releases ?? "none")
    }
  }
}

extension Recorded {
  fileprivate var startedRelease: ReleaseStarted? {
    if case .release(let started) = event { started } else { nil }
  }
}
