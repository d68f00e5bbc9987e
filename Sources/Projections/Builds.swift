import Events

/// Every build that was recorded, by digest.
package struct Builds: Projection {
  package struct Build: Hashable, Sendable {
    package let digest: ContentDigest
    package let application: ApplicationName
    package let components: [BuildComponent]
    package let change: Change
    package let actor: ActorID
    package let position: Int
    package let recorded: Timestamp
  }

  private var byDigest: [ContentDigest: Build] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .build(let build) = recorded.event, let application = recorded.application else {
      return
    }
    guard byDigest[build.build] == nil else { return }  // The same bytes recorded again.
    byDigest[build.build] = Build(
      digest: build.build, application: application, components: build.components,
      change: build.change, actor: recorded.actingFor, position: recorded.position,
      recorded: recorded.recorded)
  }

  package subscript(digest: ContentDigest) -> Build? { byDigest[digest] }

  /// In the order they were recorded.
  package var all: [Build] { byDigest.values.sorted { $0.position < $1.position } }
}
