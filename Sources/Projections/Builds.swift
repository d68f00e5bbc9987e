import CanonicalJSON
import Events

/// Every build that was recorded, by digest.
package struct Builds: Projection {
  package static let name = "builds"
  package static let revision = 4

  private var byDigest: [ContentDigest: Build] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .build(let build) = recorded.event, let application = recorded.application else {
      return
    }
    // The same bytes recorded again come from another change, and nobody who was an author of them
    // is one no more.
    var authors = byDigest[build.build]?.authors ?? Authors()
    authors.add(recorded, naming: build.change.author)
    byDigest[build.build] = Build(
      content: build, application: application, authors: authors, actor: recorded.actingFor,
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
    /// By all records of it.
    package let authors: Authors
    package let actor: ActorID
    package let position: Int
    package let recorded: Timestamp

    init(
      content: BuildRecorded, application: ApplicationName, authors: Authors, actor: ActorID,
      position: Int, recorded: Timestamp
    ) {
      self.content = content
      self.application = application
      self.authors = authors
      self.actor = actor
      self.position = position
      self.recorded = recorded
    }

    package var digest: ContentDigest { content.build }
    package var components: [BuildComponent] { content.components }
    package var change: Change { content.change }
  }

  /// Who made the bytes of a build, as everybody said who ever recorded them.
  package struct Authors: Hashable, Sendable {
    /// Where each first recorded them, or was named.
    private var made: [ActorID: Int] = [:]
    /// The same of whoever was named, and whoever recorded them by an own key, which naming others
    /// takes nobody out of. Who shows a token is a job, which writes nothing: where it names
    /// nobody, nobody is known.
    private var wrote: [ActorID: Int] = [:]

    init() {}

    package var makers: Set<ActorID> { Set(made.keys) }
    package var writers: Set<ActorID> { Set(wrote.keys) }

    /// Of the entries that say so.
    package var positions: Set<Int> { Set(made.values).union(wrote.values) }

    fileprivate mutating func add(_ recorded: Recorded, naming author: ActorID?) {
      for maker in [author, recorded.actingFor].compactMap(\.self) where made[maker] == nil {
        made[maker] = recorded.position
      }
      let owner = recorded.behalf == nil ? recorded.actor : nil
      for writer in [author, owner].compactMap(\.self) where wrote[writer] == nil {
        wrote[writer] = recorded.position
      }
    }
  }
}

extension Builds.Authors: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    made = try fields.take("made")
    wrote = try fields.take("wrote")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("made", made)
    fields.put("wrote", wrote)
  }
}

extension Builds.Build: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    application = try fields.take("application")
    authors = try fields.take("authors")
    content = try fields.take("content")
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("application", application)
    fields.put("authors", authors)
    fields.put("content", content)
    fields.put("position", position)
    fields.put("recorded", recorded)
  }
}
