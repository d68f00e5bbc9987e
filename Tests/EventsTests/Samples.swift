import CanonicalJSON
import Events

/// Values that tests need and whose content does not matter.
enum Sample {
  static let actor = ActorID.make(at: .earliest, random: [UInt8](repeating: 1, count: 10))
  static let entry = EntryID.make(at: .earliest, random: [UInt8](repeating: 2, count: 10))
  static let deployment = DeploymentID.make(
    at: .earliest, random: [UInt8](repeating: 3, count: 10))
  static let place = Scope(application: "tamma", environment: "production")
  static let digest = Digest(bytes: [UInt8](repeating: 0xD1, count: 32))
  static let seen = Seen(root: digest, size: 1)
  static let noon = Timestamp.earliest.adding(milliseconds: 43_200_000)

  static let origin: Origin = {
    let log = Origin.makeLog(random: [UInt8](repeating: 4, count: 16))
    guard let origin = Origin(name: "tamma", log: log, incarnation: 1) else {
      preconditionFailure("the sample origin has the wrong form")
    }
    return origin
  }()

  static func header(
    _ events: [EventRun], expects: [StreamName: Int] = [:], because: [EntryID] = [],
    behalf: Behalf? = nil, at: Timestamp = noon
  ) -> EntryHeader {
    EntryHeader(
      actor: actor, at: at, because: because, behalf: behalf, body: digest, entry: entry,
      events: events, expects: expects, ledger: origin, seen: seen)
  }

  static func run(
    _ kind: EventKind, _ stream: StreamName, count: Int = 1, version: Int = 1,
    scope: Scope = place
  ) -> EventRun {
    EventRun(scope: scope, count: count, kind: kind, stream: stream, version: version)
  }
}
