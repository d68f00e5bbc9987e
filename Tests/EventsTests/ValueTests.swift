import CanonicalJSON
import Events
import Testing

/// Values that stand in the data of many events.
@Suite struct ValueTests {
  @Test func `a machine's words are clipped between characters at 1,000 bytes`() {
    let words = MachineWords(String(repeating: "a", count: 998) + "\u{1F600}b")

    #expect(words.text == String(repeating: "a", count: 998))
    #expect(MachineWords(String(repeating: "é", count: 501)).text.utf8.count == 1_000)
    #expect(MachineWords(String(repeating: "本", count: 334)).text.utf8.count == 999)
  }

  @Test func `a machine's words hold nothing that the ledger refuses`() throws {
    #expect(MachineWords("a\u{0}b\u{FEFF}").text == "a\u{FFFD}b\u{FFFD}")
    #expect(MachineWords("").text == "-")
    #expect(MachineWords(dataText: "") == nil)
    #expect(MachineWords(dataText: String(repeating: "a", count: 1_001)) == nil)
    let port = 80
    #expect(("port \(port) is taken" as MachineWords).description == "port 80 is taken")
  }

  @Test func `a machine's words are compared by their bytes`() {
    let composed: MachineWords = "\u{E9}"
    let decomposed: MachineWords = "e\u{301}"

    #expect(composed.text == decomposed.text)
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed, composed]).count == 2)
  }

  @Test func `a reach covers its names, or all`() {
    let some = Reach<EnvironmentTag>.only(["staging", "development"])

    #expect(some.covers("staging"))
    #expect(!some.covers("production"))
    #expect(some.summary == "development, staging")
    #expect(Reach<EnvironmentTag>.all.covers("production"))
    #expect(Reach<EnvironmentTag>.all.summary == "all")
    #expect(Reach<EnvironmentTag>.only([]).json == [])
  }

  @Test func `a blob and a reference are written as the format has them`() throws {
    let content = ContentDigest(sha256: Sample.digest)
    let blob = Blob(digest: content, mediaType: "text/plain", sizeBytes: 12)
    let ref = Ref(leaf: Sample.digest, ledger: Sample.origin, position: 7)
    let hex = String(repeating: "d1", count: 32)

    #expect(
      try blob.json.canonicalText()
        == #"{"$blob":{"digest":"sha256:\#(hex)","mediaType":"text/plain","sizeBytes":12}}"#)
    #expect(
      try ref.json.canonicalText()
        == #"{"$ref":{"leaf":"\#(hex)","ledger":"\#(Sample.origin)","position":7}}"#)
    #expect(try Blob(json: blob.json) == blob)
    #expect(try Ref(json: ref.json) == ref)
  }

  @Test func `a commitment is over the prefix, the salt and the value`() {
    let salt = [UInt8](repeating: 7, count: 32)

    #expect(
      Sealed.commitmentInput(salt: salt, value: [0x31])
        == Array("stele/sealed/v1".utf8) + [0] + salt + [0x31])
  }

  @Test func `sealed values are found wherever they stand`() throws {
    let sealed = Sealed(commitment: Sample.digest, subject: Sample.actor)
    let data: [JSONObject] = [
      ["a": 1], ["b": [["c": sealed.json], sealed.json], "reason": sealed.json],
    ]

    #expect(
      SealedPlace.all(in: data) == [
        SealedPlace(index: 1, pointer: "/b/0/c", sealed: sealed),
        SealedPlace(index: 1, pointer: "/b/1", sealed: sealed),
        SealedPlace(index: 1, pointer: "/reason", sealed: sealed),
      ])
  }

  /// RFC 6901 §5, as far as the ledger's keys go.
  @Test func `a pointer names what RFC 6901 says`() {
    let value: JSONValue = ["foo": ["bar", "baz"], "a/b": 1, "n": ["x": nil]]

    #expect(JSONPointer.resolve("", in: value) == value)
    #expect(JSONPointer.resolve("/foo", in: value) == ["bar", "baz"])
    #expect(JSONPointer.resolve("/foo/0", in: value) == "bar")
    #expect(JSONPointer.resolve("/foo/1", in: value) == "baz")
    #expect(JSONPointer.resolve("/a~1b", in: value) == 1)
    #expect(JSONPointer.resolve("/n/x", in: value) == .some(.null))
    #expect(JSONPointer.token("m~n/o") == "m~0n~1o")
  }

  @Test(arguments: ["foo", "/foo/2", "/foo/01", "/foo/-", "/bar", "/a~1b/0", "/foo/"])
  func `a pointer to nothing gives nothing`(pointer: String) {
    let value: JSONValue = ["foo": ["bar", "baz"], "a/b": 1]

    #expect(JSONPointer.resolve(pointer, in: value) == nil)
  }

  @Test func `every identifier is a value in data`() throws {
    #expect(try StreamName(json: StreamName("a/b").json) == "a/b")
    #expect(try EventKind(json: EventKind("a.b.v1").json) == "a.b.v1")
    #expect(try Origin(json: Sample.origin.json) == Sample.origin)
    #expect(try Bool(json: Bool(json: true).json))
    #expect(try JSONValue(json: JSONValue("x").json) == "x")
    #expect(throws: FormFault.field(path: "", expected: "true or false")) { try Bool(json: 1) }
  }

  @Test func `runs, callers and histories are written as they are read`() throws {
    let run = Sample.run("health.checked.v1", "health/tamma.production")
    let behalf = Behalf(actor: Sample.actor, evidence: Sample.digest)

    #expect(try EventRun(json: run.json) == run)
    #expect(try Behalf(json: behalf.json) == behalf)
    #expect(try Seen(json: Sample.seen.json) == Sample.seen)
  }
}
