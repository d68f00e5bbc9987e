import CanonicalJSON
import Events
import Testing

/// What a header's text must be, beyond the golden ones.
@Suite struct EntryHeaderTests {
  let good = Sample.header([Sample.run("health.checked.v1", "health/tamma.production")])

  /// The header's text with one piece of it replaced.
  private func changed(_ find: String, _ replace: String) throws -> [UInt8] {
    let text = good.canonicalText
    let parts = text.split(separator: find, maxSplits: 1, omittingEmptySubsequences: false)
    try #require(parts.count == 2, "\(find) is not in \(text)")
    return Array("\(parts[0])\(replace)\(parts[1])".utf8)
  }

  @Test func `a header with every field is read and written`() throws {
    let header = Sample.header(
      [
        Sample.run("health.checked.v1", "health/tamma.production", count: 3, version: 5),
        Sample.run("health.changed.v1", "health/tamma.production", version: 8),
        Sample.run("usage.sampled.v1", "usage/tamma.production"),
      ], expects: ["lease/tamma.production": 0, "access/production": 12],
      because: [Sample.entry], behalf: Behalf(actor: Sample.actor, evidence: Sample.digest))

    #expect(try EntryHeader(parsing: header.canonicalBytes) == header)
    #expect(header.eventCount == 5)
    #expect(header.events[0].lastVersion == 7)
    #expect(
      header.canonicalText.contains(
        #""expects":{"access/production":12,"lease/tamma.production":0}"#))
  }

  @Test(arguments: [
    (#""count":1"#, #""count":0"#, "events[0].count", "an integer from 1 to 9007199254740991"),
    (#""v":1"#, #""v":2"#, "v", "an integer from 1 to 1"),
    (#","v":1"#, "", "v", "present"),
    (#""size":1"#, #""size":1,"spare":1"#, "seen.spare", "absent"),
    (#""because":[]"#, #""because":[1]"#, "because[0]", "a UUIDv7"),
    (#""because":[]"#, #""because":{}"#, "because", "an array"),
    (#""expects":{}"#, #""expects":{"a/b":-1}"#, "expects.a/b", "a stream and a version from 0"),
    (#""expects":{}"#, #""expects":{"ab":1}"#, "expects.ab", "a stream and a version from 0"),
    (#""expects":{}"#, #""expects":[]"#, "expects", "an object"),
    (#""count":1,"#, #""count":true,"#, "events[0].count", "an integer"),
    ("health.checked.v1", "health.checked", "events[0].kind", "a kind"),
    ("health/tamma", "Health/tamma", "events[0].stream", "a stream"),
  ])
  func `a field that is wrong is named`(
    find: String, replace: String, path: String, expected: String
  ) throws {
    let bytes = try changed(find, replace)

    #expect(throws: EntryFormError.headerForm(.field(path: path, expected: expected))) {
      try EntryHeader(parsing: bytes)
    }
  }

  @Test func `no JSON is named by its byte`() {
    #expect(throws: EntryFormError.headerForm(.json(JSONFormError(.endOfText, at: 1)))) {
      try EntryHeader(parsing: Array("{".utf8))
    }
  }

  @Test func `an array is no header`() {
    #expect(throws: EntryFormError.headerForm(.field(path: "", expected: "an object"))) {
      try EntryHeader(parsing: Array("[]".utf8))
    }
  }

  @Test func `a cause stands once`() {
    let header = Sample.header(good.events, because: [Sample.entry, Sample.entry])

    #expect(
      throws: EntryFormError.headerForm(
        .field(path: "because", expected: "without repetition"))
    ) { try EntryHeader(parsing: header.canonicalBytes) }
  }

  @Test func `an entry has an event`() {
    #expect(
      throws: EntryFormError.headerForm(.field(path: "events", expected: "not empty"))
    ) { try EntryHeader(parsing: Sample.header([]).canonicalBytes) }
  }

  @Test func `neighbours of equal kind and stream are one run`() {
    let twice = Sample.header([
      Sample.run("health.checked.v1", "health/tamma.production"),
      Sample.run("health.checked.v1", "health/tamma.production", version: 2),
    ])

    #expect(
      throws: EntryFormError.headerForm(
        .field(path: "events[1]", expected: "part of the run before it"))
    ) { try EntryHeader(parsing: twice.canonicalBytes) }
  }

  @Test func `runs of one kind apart from each other stay apart`() throws {
    let apart = Sample.header([
      Sample.run("health.checked.v1", "health/tamma.production"),
      Sample.run("health.changed.v1", "health/tamma.production", version: 2),
      Sample.run("health.checked.v1", "health/tamma.production", version: 3),
    ])

    #expect(try EntryHeader(parsing: apart.canonicalBytes) == apart)
  }

  @Test func `a written stream is not expected too`() {
    let header = Sample.header(good.events, expects: ["health/tamma.production": 0])

    #expect(
      throws: EntryFormError.headerForm(
        .field(
          path: "expects.health/tamma.production",
          expected: "absent, as the entry writes that stream"))
    ) { try EntryHeader(parsing: header.canonicalBytes) }
  }
}
