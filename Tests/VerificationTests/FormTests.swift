import CanonicalJSON
import Foundation
import Testing

@testable import Verification

/// Lines, headers and bodies read against their one spelling.
@Suite struct FormTests {
  private func header(_ edit: (String) -> String) -> FormFault? {
    do throws(FormFault) {
      _ = try Array(edit(GoldenFile.shared.entries[4].header).utf8).read(HeaderForm.init)
      return nil
    } catch { return error }
  }

  @Test func `every golden line and header is read, and gives back what it says`() throws {
    for entry in GoldenFile.shared.entries {
      let line = try Array(entry.line.utf8).read(LineForm.init)
      let payload = try Array(Array(entry.line.utf8)[line.payload]).read(Base64Codec.decoded)
      #expect(String(decoding: payload, as: UTF8.self) == entry.header)
      let header = try payload.read(HeaderForm.init)
      #expect(header.entry.description == GoldenFile.shared.entries[entry.position].header.id)
      #expect(header.ledger.description == LedgerForge.origin)
    }
  }

  @Test(arguments: [
    ("\"v\":1", "\"v\":2"), ("\"v\":1}", "\"v\":1} "), ("\"size\":4", "\"size\":0"),
    ("\"size\":4", "\"size\":04"), ("\"size\":4", "\"size\":\"4\""),
    ("01a2ce8e-a6a8-7", "01a2ce8e-a6a8-4"),
    ("01a2ce8e-a6a8-7694-8", "01a2ce8e-a6a8-7694-c"), ("01a2ce8e-a6a8", "01A2ce8e-a6a8"),
    ("01a2ce8e-a6a8-", "01a2ce8e+a6a8-"), ("T00:03:05.", "T24:03:05."),
    ("T00:03:05.", "T00:60:05."),
    ("T00:03:05.", "T00:03:60."), ("2027-01-01", "2027-02-29"), ("2027-01-01", "2027-04-31"),
    ("2027-01-01", "2027-13-01"), ("2027-01-01", "1969-01-01"), ("2027-01-01", "2o27-01-01"),
    ("00000Z", "00000z"), ("\"application\":\"tamma\"", "\"application\":\"Tamma\""),
    ("\"environment\":\"production\"", "\"environment\":\"1production\""),
    ("configuration.applied.v1", "configuration.applied.v0"),
    ("configuration.applied.v1", "configuration.v1"),
    ("configuration.applied.v1", "Configuration.applied.v1"),
    ("configuration.applied.v1", "configuration.applied.v"),
    ("configuration/tamma", "configuration-tamma"), ("configuration/tamma", "Configuration/tamma"),
    ("configuration/tamma", "configuration/_tamma"), ("configuration/tamma", "/tamma"),
    ("\"count\":1", "\"count\":0"), ("\"count\":1", "\"count\":9007199254740992"),
    ("\"access/production\":1,\"grant", "\"grant/x\":1,\"grant"),
    ("\"version\":1", "\"version\":0"),
    ("{\"access/production\":1", "{\"release/tamma.production\":1"),
    ("fc88bfaa7910/1", "fc88bfaa7910/0"), ("fc88bfaa7910/1", "fc88bfaa7910"),
    ("\"tamma/d6e7", "\"tämma/d6e7"), ("\"tamma/d6e7", "\"/d6e7"), ("-42df-", "-72df-"),
    ("\"da121f", "\"DA121f"), ("\"da121f", "\"gg121f"), ("\"because\":[\"", "\"because\":[\"x"),
  ])
  func `a header that differs in one place is refused there`(change: (String, String)) throws {
    let (find, replace) = change
    let golden = GoldenFile.shared.entries[4].header
    let place = try #require(golden.range(of: find))
    let offset = golden.utf8.distance(from: golden.startIndex, to: place.lowerBound)

    let fault = try #require(header { $0.replacingCharacters(in: place, with: replace) })

    #expect(fault.offset <= offset + max(find.utf8.count, replace.utf8.count) + 8)
    #expect(fault.offset + 64 >= offset, "\(fault) for \(offset)")
  }

  @Test func `causes are unique, and equal runs are one`() {
    let cause = "\"01a2ce8e-9320-71fd-be7e-89381448a998\""
    #expect(
      header { $0.replacingOccurrences(of: cause, with: "\(cause),\(cause)") }?.expected
        == "each cause once")
    let run =
      #"{"application":"tamma","count":1,"environment":"production","kind":"release.started.v1","stream":"release/tamma.production","version":1}"#
    let fault = header { $0.replacingOccurrences(of: run, with: "\(run),\(run)") }
    #expect(fault?.expected == "adjacent runs of equal kind and stream as one")
  }

  @Test func `an attested caller is part of a header`() {
    #expect(header { $0 } == nil)
    let text = #"],"behalf":{"actor":"01a2ce8b-d018-7cdb-ba27-d9515c04b9da","evidence":"x"}"#
    #expect(header { $0.replacingOccurrences(of: #"a998"]"#, with: "a998\"" + text) } != nil)
  }

  @Test(arguments: [
    (#"{"data":[{}],"salt":"00112233445566778899aabbccddeeff"}"#, nil),
    (#"{"data":[{},{"a":null}],"salt":"00112233445566778899aabbccddeeff"}"#, nil),
    (#"{"data":[],"salt":"00112233445566778899aabbccddeeff"}"#, 9),
    (#"{"data":["#, 9), ("", 0), (#"{"data":[{}"#, 11),
    (#"{"data":[{}],"salt":"00112233445566778899aabbccddeefg"}"#, 21),
    (#"{"data":[{}],"salt":"0011"}"#, 21), (#"{"data":[1],"salt":""}"#, 9),
    (#"{"data":[{}],"salt":"00112233445566778899aabbccddeeff"} "#, 55),
  ])
  func `a body has data and a salt of 16 bytes`(text: String, offset: Int?) {
    let bytes = Array(text.utf8)
    do throws(FormFault) {
      _ = try bytes.read(BodyForm.init)
      #expect(offset == nil)
    } catch { #expect(error.offset == offset, "\(text)") }
  }

  @Test(arguments: [
    "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy", "+/+/",
  ])
  func `base64 goes both ways`(text: String) throws {
    let bytes = try Array(text.utf8).read(Base64Codec.decoded)
    var room = [UInt8](repeating: 0, count: Base64Codec.encodedCount(bytes.count))
    room.withUnsafeMutableBytes { room in
      bytes.withUnsafeBytes { Base64Codec.encode($0, into: room) }
    }
    #expect(String(decoding: room, as: UTF8.self) == text)
  }

  @Test(arguments: ["Zg=", "Zh==", "Zm9=", "Zm9v!A==", "Zg==Zg==", "====", "Z===", "Zm9vYm-_"])
  func `base64 in any second spelling is refused`(text: String) {
    #expect(throws: FormFault.self) { try Array(text.utf8).read(Base64Codec.decoded) }
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"), (951_782_399_999_999, "2000-02-28T23:59:59.999999Z"),
      (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
      (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
      (CivilTime.last, "9999-12-31T23:59:59.999999Z"),
    ] as [(Int64, String)])
  func `a time and its text are one`(microseconds: Int64, text: String) {
    #expect(CivilTime.text(microseconds) == text)
    #expect(Array(text.utf8).withUnsafeBytes { CivilTime.microseconds($0) } == microseconds)
  }

  @Test func `ids and origins are read in their one spelling`() {
    #expect(Identifier(parsing: "01a2ce8b-d018-7b3f-a8de-63bdacdba6e6")?.bytes.count == 16)
    #expect(Identifier(parsing: "01a2ce8b-d018-7b3f-a8de-63bdacdba6e6 ") == nil)
    #expect(Identifier(bytes: [1, 2]) == nil)
    #expect(Identifier(bytes: [UInt8](repeating: 0, count: 16)) == nil)
    #expect(LedgerOrigin(parsing: "x/d6e783f2-e0bb-42df-8968-fc88bfaa7910/01") == nil)
    #expect(LedgerOrigin(parsing: String(repeating: "x", count: 250) + "/d6e7") == nil)
  }
}

extension String {
  /// The entry's id in a header.
  fileprivate var id: String? {
    range(of: "\"entry\":\"").map { String(self[$0.upperBound...].prefix(36)) }
  }
}
