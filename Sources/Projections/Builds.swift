import CanonicalJSON
import Events

/// Every build that was recorded, by digest.
package struct Builds: Projection {
  package static let name = "builds"
  package static let revision = 2

  private var byDigest: [ContentDigest: Build] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .build(let build) = recorded.event, let application = recorded.application else {
      return
    }
    // The same bytes recorded again come from another change.
    byDigest[build.build] = Build(
      content: build, application: application, actor: recorded.actingFor,
      position: recorded.position, recorded: recorded.recorded)
  }

  package subscript(digest: ContentDigest) -> Build? { byDigest[digest] }

  /// In the order they were recorded.
  package var all: [Build] {
    byDigest.values.sorted { ($0.position, $0.digest) < ($1.position, $1.digest) }
  }

  /// Those of `application` whose digest starts with the digits `hex`, as people shorten it.
  package func builds(of application: ApplicationName, startingWith hex: String) -> [Build] {
    all.filter { $0.application == application && $0.digest.sha256.hex.hasPrefix(hex) }
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    byDigest = try fields.take("byDigest")
  }
  package func write(to fields: inout FieldWriter) { fields.put("byDigest", byDigest) }
}

extension Builds {
  package struct Build: Hashable, Sendable {
    let content: BuildRecorded
    package let application: ApplicationName
    package let actor: ActorID
    package let position: Int
    package let recorded: Timestamp

    init(
      content: BuildRecorded, application: ApplicationName, actor: ActorID, position: Int,
      recorded: Timestamp
    ) {
      self.content = content
      self.application = application
      self.actor = actor
      self.position = position
      self.recorded = recorded
    }

    package var digest: ContentDigest { content.build }
    package var components: [BuildComponent] { content.components }
    package var change: Change { content.change }
  }
}

extension Builds.Build: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    application = try fields.take("application")
    content = try fields.take("content")
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("application", application)
    fields.put("content", content)
    fields.put("position", position)
    fields.put("recorded", recorded)
  }
}
