import CanonicalJSON
import Testing

@testable import Verification

/// The JSON profile, by the scanner that only checks.
@Suite struct BodyScannerTests {
  /// Where the first wrong byte is; nil if all of `bytes` is one value of the profile.
  private func fault(_ bytes: [UInt8]) -> FormFault? {
    guard !bytes.isEmpty else { return FormFault(offset: 0, expected: "a value") }
    return bytes.withUnsafeBufferPointer { buffer in
      var scanner = BodyScanner(buffer)
      do throws(FormFault) {
        try scanner.value(depth: 0)
        return scanner.isAtEnd ? nil : scanner.fault("the end")
      } catch { return error }
    }
  }

  @Test(arguments: GoldenFile.shared.json.accepted)
  func `what the golden file accepts is accepted, but for a slash in a key of data`(text: String) {
    let hasSlash = text.contains("/\":")
    #expect((fault(Array(text.utf8)) == nil) == !hasSlash, "\(text)")
  }

  @Test(arguments: GoldenFile.shared.json.refused.map { [$0.hex, $0.reason] })
  func `what the golden file refuses is refused`(refused: [String]) throws {
    let bytes = try #require(Hex.decode(refused[0]))
    #expect(fault(bytes) != nil, "\(refused[1]): \(String(decoding: bytes, as: UTF8.self))")
  }

  @Test(arguments: [
    (#"{"b":1,"a":2}"#, 7), (#"{"a":1,"a":2}"#, 7), (#"{"a":1,"ab":2,"aa":3}"#, 14),
    (#"{"a" :1}"#, 4), (#"{"a":1"#, 6), (#"{"a":1;"#, 6), (#"["a""#, 4), (#"["a":"#, 4),
    (#"{"":1}"#, 1), (#"{"ä":1}"#, 1), ("{a:1}", 1), (#""abc"#, 4), (#""12345678"#, 9),
    (#""\u0008""#, 1), (#""\u0000""#, 1), (#""\u00e9""#, 1), (#""\x""#, 1), (#""\u00"#, 1),
    ("\"\u{1}\"", 1), ("\"\u{feff}\"", 1), ("tru", 3), ("nul!", 3), ("-0", 0), ("-", 0), ("01", 0),
    ("9007199254740992", 0), ("123456789012345678901", 0), ("1.5", 1), ("", 0),
  ])
  func `a fault is named with its offset`(text: String, offset: Int) {
    #expect(fault(Array(text.utf8))?.offset == offset, "\(text)")
  }

  @Test(
    arguments: [
      [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80],
      [0xf0, 0x80, 0x80, 0x80],
      [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc3], [0xe2, 0x82], [0xc3, 0x28],
    ] as [[UInt8]])
  func `what is no UTF-8 is refused`(bytes: [UInt8]) {
    #expect(fault([0x22] + bytes + [0x22]) != nil)
  }

  @Test func `sixteen brackets may be open, and a key may have 160 bytes`() {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(fault(nested(16)) == nil)
    #expect(fault(nested(17))?.offset == 16)
    #expect(fault(Array("{\"\(String(repeating: "k", count: 160))\":0}".utf8)) == nil)
    #expect(fault(Array("{\"\(String(repeating: "k", count: 161))\":0}".utf8))?.offset == 1)
    let objects = String(repeating: "{\"a\":", count: 17) + "0" + String(repeating: "}", count: 17)
    #expect(fault(Array(objects.utf8)) != nil)
  }

  @Test func `the scanner and the strict reader agree on every golden body cut or changed`() throws
  {
    let body = Array(GoldenFile.shared.entries[4].body.utf8)
    for index in stride(from: 0, to: body.count, by: 3) {
      for byte in [UInt8(ascii: "\""), UInt8(ascii: "0"), 0x00, 0xc3] where body[index] != byte {
        var changed = body
        changed[index] = byte
        let isRead = (try? JSONValue(parsing: changed)) != nil
        #expect((fault(changed) == nil) == isRead, "byte \(index) as \(byte)")
      }
    }
  }
}
