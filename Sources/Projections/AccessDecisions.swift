import CanonicalJSON
import Events

/// How often each environment was asked for something, and the newest answer.
package struct AccessDecisions: Projection {
  package static let name = "access-decisions"
  package static let revision = 1

  private var byEnvironment: [EnvironmentName: Tally] = [:]
  /// Of what concerns no environment: the stream `access/0`.
  private var ofLedger = Tally()

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .access(.decided(let decided)) = recorded.event else { return }
    if let environment = recorded.environment {
      byEnvironment[environment, default: Tally()].count(decided, recorded)
    } else {
      ofLedger.count(decided, recorded)
    }
  }

  package func tally(of environment: EnvironmentName?) -> Tally {
    guard let environment else { return ofLedger }
    return byEnvironment[environment] ?? Tally()
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    byEnvironment = try fields.take("byEnvironment")
    ofLedger = try fields.take("ofLedger")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("byEnvironment", byEnvironment)
    fields.put("ofLedger", ofLedger)
  }
}

extension AccessDecisions {
  package struct Tally: Hashable, Sendable {
    /// Requests, each counted.
    package private(set) var allowed = 0
    package private(set) var denied = 0
    /// Version of the environment's decision stream.
    package private(set) var version = 0
    /// The newest answer, and where it stands.
    package private(set) var last: AccessDecided?
    package private(set) var position: Int?

    init() {}

    fileprivate mutating func count(_ decided: AccessDecided, _ recorded: Recorded) {
      switch decided.decision {
      case .allow: allowed += decided.count
      case .deny: denied += decided.count
      }
      version = recorded.version
      last = decided
      position = recorded.position
    }
  }
}

extension AccessDecisions.Tally: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    allowed = try fields.take("allowed", in: FieldRange.fromZero)
    denied = try fields.take("denied", in: FieldRange.fromZero)
    last = try fields.takeOptional("last")
    position = try fields.takeOptional("position", in: FieldRange.fromZero)
    version = try fields.take("version", in: FieldRange.fromZero)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("allowed", allowed)
    fields.put("denied", denied)
    fields.put("last", last)
    fields.put("position", position)
    fields.put("version", version)
  }
}
