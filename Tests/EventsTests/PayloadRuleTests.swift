import CanonicalJSON
import Events
import Testing

/// What one field of an event demands of another.
@Suite struct PayloadRuleTests {
  private func refusal(_ kind: EventKind, _ data: JSONObject) -> FormFault? {
    switch LedgerEvent.reading(kind: kind, data: data) {
    case .unreadable(_, let fault): fault
    default: nil
    }
  }

  private func known(_ kind: EventKind, _ change: (inout JSONObject) -> Void) throws -> JSONObject {
    let text = try #require(KnownEvent.all.first { $0.kind == kind }).text
    var data = try #require(try JSONValue(parsing: text).objectValue)
    change(&data)
    return data
  }

  @Test func `a witness has a name, nobody else has one`() throws {
    let fault = FormFault.field(
      path: "name", expected: "a witness's note name, and only a witness's")
    let nameless = try known("key.registered.v1") { $0["name"] = JSONValue?.none }
    let named = try known("key.registered.v1") { $0["role"] = "actor" }

    #expect(refusal("key.registered.v1", nameless) == fault)
    #expect(refusal("key.registered.v1", named) == fault)
  }

  @Test(arguments: ["00", "", "302a300506032b6570032101" + String(repeating: "d1", count: 32)])
  func `a key has the form of its algorithm`(hex: String) throws {
    let data = try known("key.registered.v1") { $0["key"] = .string(hex) }

    #expect(refusal("key.registered.v1", data) != nil)
  }

  @Test func `names of a grant are ascending, each once`() throws {
    let fault = FormFault.field(path: "environments", expected: "ascending names, each once")
    for names: JSONValue in [["b", "a"], ["a", "a"]] {
      let data = try known("access.granted.v1") { $0["environments"] = names }
      #expect(refusal("access.granted.v1", data) == fault)
    }
  }

  @Test func `a decision has a reason`() throws {
    let data = try known("access.decided.v1") { $0["reasons"] = [] }

    #expect(
      refusal("access.decided.v1", data)
        == .field(path: "reasons", expected: "one reason at least"))
  }

  @Test func `a difference has a side`() throws {
    let data = try known("configuration.applied.v1") { $0["difference"] = [["path": "a"]] }

    #expect(
      refusal("configuration.applied.v1", data)
        == .field(path: "difference[0].after", expected: "present, or before"))
  }

  @Test func `a range of positions goes forward`() throws {
    let data = try known("retention.applied.v1") { $0["first"] = 11 }

    #expect(
      refusal("retention.applied.v1", data) == .field(path: "last", expected: "11 or later"))
  }

  @Test func `a cost covers some time`() throws {
    let data = try known("cost.imported.v1") { $0["from"] = $0["until"] }

    #expect(
      refusal("cost.imported.v1", data)
        == .field(path: "until", expected: "after 1970-01-01T12:00:00.000000Z"))
  }

  @Test func `a replica ends by a status or by a signal`() throws {
    let data = try known("deployment.replica_exited.v1") { $0["status"] = 1 }

    #expect(
      refusal("deployment.replica_exited.v1", data)
        == .field(path: "signal", expected: "absent, since status is there"))
  }

  @Test func `a name inside a dictionary is in the path of its fault`() throws {
    let data = try known("usage.sampled.v1") { $0["numbers"] = ["cpuMs": "12"] }

    #expect(
      refusal("usage.sampled.v1", data)
        == .field(path: "numbers.cpuMs", expected: "an integer"))
  }

  @Test func `a word outside its list is told the list`() throws {
    let data = try known("lease.taken.v1") { $0["process"] = ["pid": 0, "startTicks": 1] }
    let health = try known("health.checked.v1") { $0["verdict"] = "ok" }

    #expect(
      refusal("lease.taken.v1", data)
        == .field(path: "process.pid", expected: "an integer from 1 to 9007199254740991"))
    #expect(
      refusal("health.checked.v1", health) == .field(path: "verdict", expected: "pass or fail"))
  }
}
