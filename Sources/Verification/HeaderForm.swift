import CanonicalJSON

/// The tree that a signer had verified.
package struct SeenTree: Hashable, Sendable {
  package let root: Digest
  package let size: Int
}

/// A stream and the version that a decision read it at, 0 if there was none.
struct Expectation: Sendable {
  let stream: String
  let version: Int
}

/// Events of one kind in one stream, with consecutive versions.
struct Run: Sendable {
  let application: String?
  let environment: String?
  let kind: String
  let stream: String
  /// Of the first event, from 1.
  let version: Int
  /// From 1.
  let count: Int

  var family: Substring { kind.prefix { $0 != "." } }
  /// The kind without its version: `deployment.started`.
  var isGoverning: Bool { ["ledger", "key", "retention", "privacy"].contains(family) }
}

/// The signed part of an entry, read strictly from its one spelling.
struct HeaderForm: Sendable {
  let actor: Identifier
  /// The signer's clock, microseconds since 1970.
  let at: Int64
  let because: [Identifier]
  let body: Digest
  let entry: Identifier
  /// At least one.
  let runs: [Run]
  let expects: [Expectation]
  let ledger: LedgerOrigin
  let seen: SeenTree

  /// - Throws: ``FormFault`` at the first byte that is not the format's, counted in the header.
  init(_ bytes: UnsafeRawBufferPointer) throws(FormFault) {
    var reader = ByteReader(bytes)
    try reader.demand(#"{"actor":"#)
    actor = try reader.quotedIdentifier()
    try reader.demand(#","at":"#)
    at = try reader.quotedTime()
    try reader.demand(#","because":["#)
    because = try HeaderForm.because(&reader)
    if reader.take(#","behalf":{"actor":"#) {
      _ = try reader.quotedIdentifier()
      try reader.demand(#","evidence":"#)
      _ = try reader.quotedDigest()
      try reader.demand("}")
    }
    try reader.demand(#","body":"#)
    body = try reader.quotedDigest()
    try reader.demand(#","entry":"#)
    entry = try reader.quotedIdentifier()
    try reader.demand(#","events":["#)
    runs = try HeaderForm.runs(&reader)
    try reader.demand(#","expects":{"#)
    expects = try HeaderForm.expects(&reader, writing: runs)
    try reader.demand(#","ledger":"#)
    ledger = try HeaderForm.origin(&reader)
    try reader.demand(#","seen":{"root":"#)
    let root = try reader.quotedDigest()
    try reader.demand(#","size":"#)
    // Only genesis, which begins with ledger.created, has seen nothing.
    seen = SeenTree(
      root: root, size: try reader.count(from: runs[0].kind == "ledger.created.v1" ? 0 : 1))
    try reader.demand(#"},"v":1}"#)
    try reader.demandEnd()
  }

  private static func because(_ reader: inout ByteReader) throws(FormFault) -> [Identifier] {
    var ids: [Identifier] = []
    if reader.take("]") { return ids }
    repeat {
      let offset = reader.offset
      let id = try reader.quotedIdentifier()
      guard !ids.contains(id) else {
        throw FormFault(offset: offset, expected: "each cause once")
      }
      ids.append(id)
    } while reader.take(",")
    try reader.demand("]")
    return ids
  }

  private static func origin(_ reader: inout ByteReader) throws(FormFault) -> LedgerOrigin {
    let offset = reader.offset
    guard let origin = LedgerOrigin(bytes: try reader.quoted("an origin")) else {
      throw FormFault(offset: offset, expected: "an origin, name/UUIDv4/incarnation")
    }
    return origin
  }
}

extension HeaderForm {
  private static func runs(_ reader: inout ByteReader) throws(FormFault) -> [Run] {
    var runs: [Run] = []
    repeat {
      let offset = reader.offset
      let run = try self.run(&reader)
      if let last = runs.last, last.kind == run.kind, last.stream == run.stream {
        throw FormFault(offset: offset, expected: "adjacent runs of equal kind and stream as one")
      }
      runs.append(run)
    } while reader.take(",")
    try reader.demand("]")
    return runs
  }

  private static func run(_ reader: inout ByteReader) throws(FormFault) -> Run {
    var application: String?
    var environment: String?
    try reader.demand("{")
    if reader.take(#""application":"#) {
      application = try reader.name("an application", NameForm.isScope)
      try reader.demand(",")
    }
    try reader.demand(#""count":"#)
    let count = try reader.count(from: 1)
    if reader.take(#","environment":"#) {
      environment = try reader.name("an environment", NameForm.isScope)
    }
    try reader.demand(#","kind":"#)
    let kind = try reader.name("a kind", NameForm.isKind)
    try reader.demand(#","stream":"#)
    let stream = try reader.name("a stream", NameForm.isStream)
    try reader.demand(#","version":"#)
    let version = try reader.count(from: 1)
    try reader.demand("}")
    return Run(
      application: application, environment: environment, kind: kind, stream: stream,
      version: version, count: count)
  }

  private static func expects(
    _ reader: inout ByteReader, writing runs: [Run]
  ) throws(FormFault) -> [Expectation] {
    var expects: [Expectation] = []
    if reader.take("}") { return expects }
    repeat {
      let offset = reader.offset
      let stream = try reader.name("a stream", NameForm.isStream)
      guard expects.last.map({ $0.stream.utf8.lexicographicallyPrecedes(stream.utf8) }) ?? true,
        !runs.contains(where: { $0.stream == stream })
      else {
        throw FormFault(offset: offset, expected: "ascending streams that the entry does not write")
      }
      try reader.demand(":")
      expects.append(Expectation(stream: stream, version: try reader.count()))
    } while reader.take(",")
    try reader.demand("}")
    return expects
  }
}
