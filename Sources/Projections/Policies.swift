import CanonicalJSON
import Events

/// Which policy an administrator has adopted last.
package struct Policies: Projection {
  package static let name = "policies"
  package static let revision = 1

  /// Nil where nobody ever has: then whatever policy there is may let something in.
  package private(set) var adopted: Adopted?
  /// The version of the stream of adoptions.
  package private(set) var version = 0

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .policy(.adopted(let adopted)) = recorded.event else { return }
    version = recorded.version
    self.adopted = Adopted(adopted, in: recorded)
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    adopted = try fields.takeOptional("adopted")
    version = try fields.take("version", in: FieldRange.fromZero)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("adopted", adopted)
    fields.put("version", version)
  }
}

extension Policies {
  /// The policy that alone lets anything in.
  package struct Adopted: Hashable, Sendable {
    package let policy: ContentDigest
    /// All environments, presets expanded.
    package let contents: JSONObject
    package let position: Int
    package let recorded: Timestamp
    /// Who said so.
    package let by: ActorID

    init(_ adopted: PolicyAdopted, in entry: Recorded) {
      policy = adopted.policy
      contents = adopted.contents
      position = entry.position
      recorded = entry.recorded
      by = entry.actor
    }
  }
}

extension Policies.Adopted: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    by = try fields.take("by")
    contents = try fields.take("contents")
    policy = try fields.take("policy")
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("by", by)
    fields.put("contents", contents)
    fields.put("policy", policy)
    fields.put("position", position)
    fields.put("recorded", recorded)
  }
}
