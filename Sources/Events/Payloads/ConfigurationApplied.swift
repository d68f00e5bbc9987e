import CanonicalJSON

/// One field that differs between two configurations.
package struct FieldDifference: ObjectValue {
  /// Where it is: `deployment.rollback.enabled`.
  package let path: MachineWords
  /// Absent when the field is new.
  package let before: JSONValue?
  /// Absent when the field is gone.
  package let after: JSONValue?

  package init(path: MachineWords, before: JSONValue?, after: JSONValue?) {
    self.path = path
    self.before = before
    self.after = after
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    after = try fields.takeOptional("after")
    before = try fields.takeOptional("before")
    path = try fields.take("path")
    guard before != nil || after != nil else {
      throw FormFault.field(path: "after", expected: "present, or before")
    }
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("after", after)
    fields.put("before", before)
    fields.put("path", path)
  }
}

/// Somebody wants this configuration from here on; it runs only once it is deployed.
///
/// Always recorded with one ``ReleaseStarted``. Its stream version is the configuration's version.
package struct ConfigurationApplied: EventPayload {
  package static let kind: EventKind = "configuration.applied.v1"

  /// Resolved: nothing is inherited or left to a default any more.
  package let configuration: JSONObject
  /// Of the canonical bytes of ``configuration``.
  package let digest: ContentDigest
  /// Against the version before, ascending by path; everything when this is the first.
  package let difference: [FieldDifference]
  package let reason: Sealed?

  package init(
    configuration: JSONObject, digest: ContentDigest, difference: [FieldDifference],
    reason: Sealed? = nil
  ) {
    self.configuration = configuration
    self.digest = digest
    self.difference = difference
    self.reason = reason
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    configuration = try fields.take("configuration")
    difference = try fields.take("difference")
    digest = try fields.take("digest")
    reason = try fields.takeOptional("reason")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("configuration", configuration)
    fields.put("difference", difference)
    fields.put("digest", digest)
    fields.put("reason", reason)
  }
}
