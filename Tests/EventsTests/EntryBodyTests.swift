import CanonicalJSON
import Events
import Testing

/// What a body's text must be, and where personal, large and foreign values may stand in it.
@Suite struct EntryBodyTests {
  static let salt = String(repeating: "00", count: 16)
  let header = Sample.header([Sample.run("lease.released.v1", "lease/tamma.production")])

  private func parse(data: String) throws -> EntryBody {
    try EntryBody(parsing: Array(#"{"data":[\#(data)],"salt":"\#(Self.salt)"}"#.utf8))
  }

  @Test func `a body is its data and its salt`() throws {
    let body = EntryBody(data: [["a": nil]], salt: [UInt8](repeating: 0xAB, count: 16))

    let text = #"{"data":[{"a":null}],"salt":"abababababababababababababababab"}"#
    #expect(try body.canonicalBytes() == Array(text.utf8))
    #expect(try EntryBody(parsing: Array(text.utf8)) == body)
  }

  @Test func `a string that the ledger's JSON refuses cannot be written`() {
    let body = EntryBody(data: [["a": "\u{0}"]], salt: [UInt8](repeating: 0, count: 16))

    #expect(throws: JSONFormError.self) { try body.canonicalBytes() }
  }

  @Test(arguments: [
    (#"{"data":[]}"#, "salt", "present"), (#"{"data":[],"salt":"00"}"#, "salt", "32 hex digits"),
    (#"{"data":[],"salt":1}"#, "salt", "32 hex digits"),
    (#"{"data":{},"salt":"\#(salt)"}"#, "data", "an array"),
    (#"{"data":[1],"salt":"\#(salt)"}"#, "data[0]", "an object"),
    (#"{"data":[],"more":1,"salt":"\#(salt)"}"#, "more", "absent"), ("[]", "", "an object"),
  ])
  func `a body that is wrong is named by its field`(text: String, path: String, expected: String) {
    #expect(throws: EntryFormError.bodyForm(.field(path: path, expected: expected))) {
      try EntryBody(parsing: Array(text.utf8))
    }
  }

  @Test func `a body of 1 MiB is read, one byte more is not`() throws {
    let frame = #"{"data":[{"a":""}],"salt":"\#(Self.salt)"}"#.utf8.count
    let fits = String(repeating: "x", count: 1_048_576 - frame)

    #expect(try parse(data: #"{"a":"\#(fits)"}"#).data.count == 1)
    #expect(throws: EntryFormError.bodyTooLong(bytes: 1_048_577)) {
      try parse(data: #"{"a":"\#(fits)x"}"#)
    }
  }

  static let hex = String(repeating: "0a", count: 32)
  static let uuid = "01a2ce8b-d018-7508-a730-b4ddeb3c3012"

  @Test(arguments: [
    #"{"a":{"$sealed":{"commitment":"\#(hex)","subject":"\#(uuid)"}}}"#,
    #"{"a":[{"b":{"$blob":{"digest":"sha256:\#(hex)","mediaType":"text/plain","sizeBytes":0}}}]}"#,
    #"{"a":{"$ref":{"leaf":"\#(hex)","ledger":"a/d6e783f2-e0bb-42df-8968-fc88bfaa7910/1","position":7}}}"#,
    #"{"a":null,"b":[null,true,1,"x"],"c":{"d":{}}}"#,
  ])
  func `the format's own values stand inside an event's data`(data: String) throws {
    #expect(try parse(data: data).data.count == 1)
  }

  @Test(arguments: [
    (#"{"$sealed":{}}"#, "$sealed", "inside an event's object, not instead of it"),
    (#"{"a":{"$secret":{}}}"#, "a.$secret", "$sealed, $blob or $ref"),
    (#"{"a":{"$sealed":{"commitment":"\#(hex)"}}}"#, "a.$sealed.subject", "present"),
    (
      #"{"a":{"$sealed":{"commitment":"\#(hex)","more":1,"subject":"\#(uuid)"}}}"#,
      "a.$sealed.more", "absent"
    ),
    (#"{"a":{"$sealed":1}}"#, "a", "an object with only $sealed"),
    (#"{"a":{"$blob":{},"z":1}}"#, "a", "an object with only $blob"),
    (
      #"{"a":[0,{"$blob":{"digest":"\#(hex)","mediaType":"a","sizeBytes":0}}]}"#,
      "a[1].$blob.digest", "sha256: and 64 hex digits"
    ),
    (
      #"{"a":{"$ref":{"leaf":"\#(hex)","ledger":"a","position":0}}}"#, "a.$ref.ledger",
      "an origin"
    ),
    (#"{"a/b":1}"#, "a/b", "a key without /"),
    (#"{"a":[{"b/c":1}]}"#, "a[0].b/c", "a key without /"),
  ])
  func `anything like them elsewhere is refused with its path`(
    data: String, path: String, expected: String
  ) {
    #expect(throws: EntryFormError.dataForm(event: 1, .field(path: path, expected: expected))) {
      try parse(data: "{}," + data)
    }
  }

  @Test func `there is one object an event`() throws {
    let body = try parse(data: "{},{}")

    #expect(
      throws: EntryFormError.bodyForm(
        .field(path: "data", expected: "as many objects as events, 1, not 2"))
    ) { try body.check(against: header) }
  }

  @Test func `data of a governing family is checked as format`() throws {
    let governing = Sample.header([
      Sample.run("ledger.created.v1", "ledger/main", scope: Scope())
    ])

    try parse(data: #"{"recoveryThreshold":1}"#).check(against: governing)
    let body = try parse(data: #"{"recoveryThreshold":0}"#)
    #expect(
      throws: EntryFormError.dataForm(
        event: 0, .field(path: "recoveryThreshold", expected: "an integer from 1 to 8"))
    ) { try body.check(against: governing) }
  }

  @Test func `data of any other family is its signer's own`() throws {
    try parse(data: #"{"whatever":1}"#).check(against: header)
  }
}
