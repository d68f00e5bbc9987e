import CanonicalJSON

/// One component's bytes in a build.
package struct BuildComponent: ObjectValue {
  package let artifact: ContentDigest
  package let name: ComponentName
  package let sizeBytes: Int

  package init(artifact: ContentDigest, name: ComponentName, sizeBytes: Int) {
    self.artifact = artifact
    self.name = name
    self.sizeBytes = sizeBytes
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    artifact = try fields.take("artifact")
    name = try fields.take("name")
    sizeBytes = try fields.take("sizeBytes", in: FieldRange.fromZero)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("artifact", artifact)
    fields.put("name", name)
    fields.put("sizeBytes", sizeBytes)
  }
}

/// An application was put together and can be deployed anywhere: this digest is what is tested,
/// approved and promoted.
package struct BuildRecorded: EventPayload {
  package static let kind: EventKind = "build.recorded.v1"

  package let build: ContentDigest
  package let change: Change
  /// Every component of the application.
  package let components: [BuildComponent]

  package init(build: ContentDigest, change: Change, components: [BuildComponent]) {
    self.build = build
    self.change = change
    self.components = components
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    build = try fields.take("build")
    change = try fields.take("change")
    components = try fields.take("components")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("build", build)
    fields.put("change", change)
    fields.put("components", components)
  }
}
