import CanonicalJSON
import Events
import Testing

/// What a line's text must be, beyond the golden ones.
@Suite struct EntryLineTests {
  private func signature(_ byte: UInt8) -> EntrySignature {
    EntrySignature(
      keyid: Digest(bytes: [UInt8](repeating: byte, count: 32)),
      signature: [UInt8](repeating: byte, count: 64))
  }

  @Test func `signatures are put in the order of their keys`() throws {
    let line = EntryLine(
      header: Array("{}".utf8), signatures: [signature(2), signature(1)], recorded: Sample.noon)

    #expect(line.signatures.map(\.keyid.bytes[0]) == [1, 2])
    #expect(try EntryLine(parsing: line.bytes) == line)
  }

  @Test func `a signature is read back from what it writes`() throws {
    #expect(try EntrySignature(json: signature(3).json) == signature(3))
  }

  @Test(arguments: [
    ("\"payload\":\"", "\"payload\":\"=", "payload", "base64"),
    ("\"recorded\":\"1", "\"recorded\":\"x", "recorded", "a time of 27 bytes"),
    ("\"sig\":\"", "\"sig\":\"AAAA", "signatures[0].sig", "base64 of 64 bytes"),
    ("v1+json", "v2+json", "payloadType", EntryLine.payloadType),
    ("\"payload\":", "\"0\":1,\"payload\":", "0", "absent"),
  ])
  func `a field that is wrong is named`(
    find: String, replace: String, path: String, expected: String
  ) throws {
    let line = EntryLine(
      header: Array("{}".utf8), signatures: [signature(1)], recorded: Sample.noon)
    let parts = line.text.split(separator: find, maxSplits: 1, omittingEmptySubsequences: false)
    try #require(parts.count == 2)

    #expect(throws: EntryFormError.lineForm(.field(path: path, expected: expected))) {
      try EntryLine(parsing: Array("\(parts[0])\(replace)\(parts[1])".utf8))
    }
  }

  @Test func `a line has 1 to 8 signatures`() throws {
    let fault = EntryFormError.lineForm(
      .field(path: "signatures", expected: "1 to 8, ascending by key id, unique"))
    let eight = EntryLine(
      header: [], signatures: (1...8).map(signature), recorded: Sample.noon)
    let nine = eight.text.dropLast(2) + "," + (try signature(9).json.canonicalText()) + "]}"
    let none =
      #"{"payload":"","payloadType":"\#(EntryLine.payloadType)","#
      + #""recorded":"\#(Sample.noon)","signatures":[]}"#

    #expect(try EntryLine(parsing: eight.bytes) == eight)
    #expect(throws: fault) { try EntryLine(parsing: Array(nine.utf8)) }
    #expect(throws: fault) { try EntryLine(parsing: Array(none.utf8)) }
  }
}
