import CanonicalJSON

extension EntryHeader {
  /// Reads a header strictly: what it accepts, ``canonicalBytes`` writes again byte for byte.
  ///
  /// - Throws: ``EntryFormError/headerForm(_:)`` with the offset or the path that is wrong.
  package init(parsing bytes: [UInt8]) throws(EntryFormError) {
    do { try self.init(json: FormFault.reading(bytes)) } catch {
      throw EntryFormError.headerForm(error)
    }
  }

  private init(json: JSONValue) throws(FormFault) {
    var fields = FieldReader(try JSONObject(json: json))
    _ = try fields.take("v", in: 1...1)
    self.init(
      actor: try fields.take("actor"),
      at: try fields.take("at"),
      because: try fields.take("because"),
      behalf: try fields.takeOptional("behalf"),
      body: try fields.take("body"),
      entry: try fields.take("entry"),
      events: try fields.take("events"),
      expects: try Self.expects(fields.take("expects")),
      ledger: try fields.take("ledger"),
      seen: try fields.take("seen"))
    try fields.finish()
    try checkParts()
  }

  /// What no field can say alone: the rules that a header must keep which was not read but written.
  ///
  /// - Throws: ``EntryFormError/headerForm(_:)``.
  package func checkForm() throws(EntryFormError) {
    do { try checkParts() } catch { throw EntryFormError.headerForm(error) }
  }

  private func checkParts() throws(FormFault) {
    try checkCauses()
    try checkEvents()
  }

  private static func expects(_ object: JSONObject) throws(FormFault) -> [StreamName: Int] {
    var expects: [StreamName: Int] = [:]
    for (key, value) in object {
      guard let stream = StreamName(text: key), let version = value.integerValue, version >= 0
      else {
        throw FormFault.field(path: "expects.\(key)", expected: "a stream and a version from 0")
      }
      expects[stream] = Int(version)
    }
    return expects
  }

  private func checkCauses() throws(FormFault) {
    guard Set(because).count == because.count else {
      throw FormFault.field(path: "because", expected: "without repetition")
    }
  }

  private func checkEvents() throws(FormFault) {
    guard !events.isEmpty else { throw FormFault.field(path: "events", expected: "not empty") }
    for (index, run) in events.enumerated() {
      guard expects[run.stream] == nil else {
        let expected = "absent, as the entry writes that stream"
        throw FormFault.field(path: "expects.\(run.stream)", expected: expected)
      }
      guard index > 0, events[index - 1].kind == run.kind, events[index - 1].stream == run.stream
      else { continue }
      throw FormFault.field(path: "events[\(index)]", expected: "part of the run before it")
    }
  }
}

extension EventRun: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    self.init(
      scope: Scope(
        application: try fields.takeOptional("application"),
        environment: try fields.takeOptional("environment")),
      count: try fields.take("count", in: FieldRange.fromOne),
      kind: try fields.take("kind"),
      stream: try fields.take("stream"),
      version: try fields.take("version", in: FieldRange.fromOne))
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("application", application)
    fields.put("count", count)
    fields.put("environment", environment)
    fields.put("kind", kind)
    fields.put("stream", stream)
    fields.put("version", version)
  }
}

extension Behalf: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    self.init(actor: try fields.take("actor"), evidence: try fields.take("evidence"))
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("evidence", evidence)
  }
}

extension Seen: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    self.init(
      root: try fields.take("root"), size: try fields.take("size", in: 0...Limits.entries))
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("root", root)
    fields.put("size", size)
  }
}
