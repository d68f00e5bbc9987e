import CanonicalJSON
import Testing
import TransparencyLog

/// The offline proof's text.
@Suite struct ReceiptTests {
  static let hash = "3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw="
  static let note = "a\n7\n\(hash)\n\n— a AAAAAAA=\n"
  static let head = "c2sp.org/tlog-proof@v1\n"

  @Test func `a receipt without extra is read, and written as it was`() throws {
    let text = Self.head + "index 3\n\(Self.hash)\n\(Self.hash)\n\n\(Self.note)"

    let receipt = try Receipt(parsing: text)

    #expect(receipt.extra == nil)
    #expect(receipt.index == 3)
    #expect(receipt.hashes.count == 2)
    #expect(receipt.note.text == "a\n7\n\(Self.hash)\n")
    #expect(receipt.serialized == text)
    let proof = receipt.inclusionProof(under: try Checkpoint(parsing: receipt.note.text))
    #expect(proof == InclusionProof(leaf: 3, treeSize: 7, hashes: receipt.hashes))
  }

  @Test func `a receipt of a log's only entry has no hashes`() throws {
    let note = try SignedNote(parsing: Self.note)
    let receipt = Receipt(extra: [1, 2], index: 0, hashes: [], note: note)

    #expect(receipt.serialized == Self.head + "extra AQI=\nindex 0\n\n" + Self.note)
    #expect(try Receipt(parsing: receipt.serialized) == receipt)
  }

  @Test(arguments: [
    ("", NoteError.receiptLine(line: 1)),
    ("c2sp.org/tlog-proof@v2\nindex 0\n\nNOTE", .receiptLine(line: 1)),
    ("HEAD", .receiptLine(line: 2)),
    ("HEADextra AQI\nindex 0\n\nNOTE", .receiptLine(line: 2)),
    ("HEADextra AQI=\n", .receiptLine(line: 3)),
    ("HEADextra AQI=\nextra AQI=\nindex 0\n\nNOTE", .receiptLine(line: 3)),
    ("HEADindex 03\n\nNOTE", .receiptLine(line: 2)),
    ("HEADindex 1099511627776\n\nNOTE", .receiptLine(line: 2)),
    ("HEADindex 0\nAQI=\n\nNOTE", .receiptLine(line: 3)),
    ("HEADindex 0", .receiptLine(line: 2)),
    ("HEADindex 0\n\n", .unsigned),
    ("HEADindex 0\n\na\n\n- a\n", .signatureLine(line: 3)),
  ])
  func `what is not a receipt is refused with its line`(text: String, error: NoteError) {
    let text = text.replacing("HEAD", with: Self.head).replacing("NOTE", with: Self.note)

    #expect(throws: error) { try Receipt(parsing: text) }
  }

  @Test func `a receipt over its limits is refused`() {
    let hashes = String(repeating: Self.hash + "\n", count: 64)
    let large = String(repeating: "x", count: 1_000_001)

    #expect(throws: NoteError.receiptLine(line: 66)) {
      try Receipt(parsing: Self.head + "index 0\n\(hashes)\n" + Self.note)
    }
    #expect(throws: NoteError.tooLarge(byteCount: 1_000_001)) { try Receipt(parsing: large) }
    #expect(throws: NoteError.tooLarge(byteCount: 1_000_001)) {
      try Receipt(parsing: Array(large.utf8))
    }
    #expect(throws: NoteError.characters) { try Receipt(parsing: [0xFF]) }
  }

  @Test(arguments: [
    (NoteError.tooLarge(byteCount: 2), "2 bytes"), (.characters, "UTF-8"),
    (.unsigned, "blank line"), (.signatureLine(line: 3), "line 3"),
    (.tooManySignatures(count: 101), "101"), (.name("a b"), "'a b'"),
    (.verifierKey("x"), "NAME+KEYID+BASE64"), (.keyAlgorithm(6), "algorithm 6"),
    (.keyID(stated: 1, computed: 2), "00000001"), (.ambiguousKey(name: "n"), "'n'"),
    (.wrongSignature(name: "n"), "'n'"), (.notSigned(by: "n"), "'n'"),
    (.checkpointLine(line: 4), "line 4"), (.receiptLine(line: 2), "line 2"),
  ])
  func `an error names the value that is wrong`(error: NoteError, value: String) {
    #expect("\(error)".contains(value))
  }
}
