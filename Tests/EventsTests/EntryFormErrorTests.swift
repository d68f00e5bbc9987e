import CanonicalJSON
import Events
import Testing

/// What a refusal tells a person.
@Suite struct EntryFormErrorTests {
  static let fault = FormFault.field(path: "v", expected: "1")

  @Test(
    arguments: [
      (.lineTooLong(bytes: 65_536), "lineTooLong", "the line has 65536 bytes, at most 65535 fit."),
      (
        .lineForm(.json(JSONFormError(.escape, at: 3))), "lineForm",
        "the line is malformed: escape at byte 3."
      ),
      (.headerForm(fault), "headerForm", "the header is malformed: v must be 1."),
      (
        .tooManyEvents(count: 1_001), "tooManyEvents",
        "the entry has 1001 events, at most 1000 fit; split it."
      ),
      (.kindUnknown("a.b.v1"), "kindUnknown", "this version does not know the kind a.b.v1."),
      (
        .streamName(kind: "a.b.v1", stream: "a/b", scope: Scope()), "streamName",
        "a.b.v1 of the ledger does not belong into the stream a/b."
      ),
      (
        .scopeMixed(Sample.place, Scope(environment: "staging")), "scopeMixed",
        "one entry concerns both tamma in production and staging; write one entry for each."
      ),
      (
        .classMixed(.permanent, .telemetry), "classMixed",
        "one entry holds both permanent and telemetry events; write one for each."
      ),
      (
        .releaseNumber(alters: true, count: 0), "releaseNumber",
        "an entry that alters an environment takes one release number, this takes 0."
      ),
      (
        .releaseNumber(alters: false, count: 1), "releaseNumber",
        "nothing in the entry alters an environment, yet it takes 1 release numbers."
      ),
      (
        .bodyTooLong(bytes: 1_048_577), "bodyTooLong",
        "the body has 1048577 bytes, at most 1048576 fit."
      ),
      (
        .bodyForm(.field(path: "", expected: "an object")), "bodyForm",
        "the body is malformed: it must be an object."
      ),
      (
        .dataForm(event: 2, fault), "dataForm", "the data of event 2 is malformed: v must be 1."
      ),
      (
        .clockSkew(at: .earliest, recorded: Sample.noon), "clockSkew",
        "the signer's clock says 1970-01-01T00:00:00.000000Z, "
          + "the log's 1970-01-01T12:00:00.000000Z; they may differ by 15 minutes."
      ),
      (
        .expectsMissing(kind: "a.b.v1", prefix: "grant"), "expectsMissing",
        "a.b.v1 must say which version of its grant/ stream it was decided on."
      ),
    ] as [(EntryFormError, String, String)])
  func `a refusal has the format's name and says what did not happen and why`(
    error: EntryFormError, code: String, reason: String
  ) {
    #expect(error.code == code)
    #expect(error.description == "Nothing was recorded: \(reason)")
  }

  @Test func `a scope is named as far as it goes`() {
    #expect(Scope(application: "tamma").description == "tamma in no environment")
    #expect(Scope().description == "the ledger")
  }

  @Test func `a fault in JSON keeps its byte wherever it is seen from`() {
    let data: JSONObject = ["a": [1, "x"]]
    #expect(throws: FormFault.field(path: "a[1]", expected: "an integer")) {
      var fields = FieldReader(data)
      let _: [Int] = try fields.take("a")
    }
  }
}
