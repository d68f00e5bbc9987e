import CanonicalJSON
import Cryptography
import Testing
import TransparencyLog

/// Notes: the specification's example, our own, and everything that is not one.
@Suite struct SignedNoteTests {
  static let example = """
    This is an example message.

    — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

    """
  static let exampleKey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

  /// A log of seven leaves and its witness, both with the key of seed 00…1f.
  static let checkpoint = """
    ledger.example/prod
    7
    3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=

    — ledger.example/prod d7gMHbuNF1d5kmvNkUnXczuXJQ7ThYe6I2Lasc62tlEp8V7lX3p2oht0HkOHTrqlO4id8D7MWG/YPnRTu8131y47wQM=
    — witness.example/w1 519lMgAAAABkGFDLyDIOazthXzacYOrC5owkYrGJRWBSbRql9noC2clLV5JKTxDyUPJS6Q7KWrFzlij0+uFvnsV/Uhu3jWSdRgN+Ag==

    """

  let signer: SigningKey
  let log: VerifierKey
  let witness: VerifierKey

  init() throws {
    signer = try SigningKey(seed: Array(0..<32))
    let raw = signer.publicKey.raw
    log = try VerifierKey(
      name: "ledger.example/prod", algorithm: .ed25519, key: raw, using: hasher)
    witness = try VerifierKey(
      name: "witness.example/w1", algorithm: .cosignature, key: raw, using: hasher)
  }

  @Test func `the specification's example verifies, and is written as it was`() throws {
    let key = try VerifierKey(parsing: Self.exampleKey, using: hasher)

    let note = try SignedNote(parsing: Self.example)

    #expect(note.text == "This is an example message.\n")
    #expect(note.signatures.count == 1)
    #expect(note.serialized == Self.example)
    try note.requireSignature(by: key, checking: isValidEd25519)
  }

  @Test func `our checkpoint and cosignature are made byte for byte`() throws {
    let root = TestTree(leaves: Array(MerkleVectorTests.leaves.prefix(7))).roots[7]
    let text = try Checkpoint(origin: log.name, size: 7, root: root).text

    var note = SignedNote(text: text, signatures: [log.signature(on: text, signing: signer.sign)])
    let cosignature = Cosignature(on: text, at: 1_679_315_147, signing: signer.sign)
    note.add(cosignature.noteSignature(by: witness))

    #expect(note.serialized == Self.checkpoint)
    let verified = try note.signers(among: [log, witness], checking: isValidEd25519)
    #expect(verified.map(\.key) == [log, witness])
    #expect(verified.map(\.time) == [nil, 1_679_315_147])
  }

  @Test func `the text ends at the last blank line`() throws {
    let text = "one\n\ntwo\n"
    let note = SignedNote(text: text, signatures: [log.signature(on: text, signing: signer.sign)])

    #expect(try SignedNote(parsing: note.serialized) == note)
  }

  @Test func `a signature by an unknown key is passed over`() throws {
    let note = try SignedNote(parsing: Self.checkpoint)
    let stranger = try VerifierKey(parsing: Self.exampleKey, using: hasher)

    #expect(try note.signers(among: [stranger], checking: isValidEd25519).isEmpty)
    #expect(throws: NoteError.notSigned(by: "example.com/foo")) {
      try note.requireSignature(by: stranger, checking: isValidEd25519)
    }
  }

  @Test func `one wrong signature by a known key refuses the whole note`() throws {
    let note = try SignedNote(parsing: Self.checkpoint)
    let changed = SignedNote(
      text: note.text.replacing("7\n", with: "8\n", maxReplacements: 1),
      signatures: note.signatures)

    #expect(throws: NoteError.wrongSignature(name: log.name)) {
      try changed.signers(among: [log], checking: isValidEd25519)
    }
    #expect(throws: NoteError.wrongSignature(name: witness.name)) {
      try changed.signers(among: [witness], checking: isValidEd25519)
    }
  }

  @Test func `a signature of another length is wrong`() throws {
    for (key, name) in [(log, log.name), (witness, witness.name)] {
      let short = NoteSignature(name: key.name, keyID: key.keyID, blob: [1, 2, 3])
      let note = SignedNote(text: "text\n", signatures: [short])

      #expect(throws: NoteError.wrongSignature(name: name)) {
        try note.signers(among: [key], checking: isValidEd25519)
      }
    }
  }

  @Test func `a key that signed twice is named once`() throws {
    let signature = log.signature(on: "text\n", signing: signer.sign)
    let note = SignedNote(text: "text\n", signatures: [signature, signature])

    #expect(try note.signers(among: [log], checking: isValidEd25519).count == 1)
  }

  @Test func `two known keys with one ID are refused, and the same key twice is not`() throws {
    // Found by trying: under the name "a" these two numbers, as keys, share a06fc73f.
    let keys = try [65_227, 67_083].map { number in
      try VerifierKey(
        name: "a", algorithm: .ed25519, key: raw(number), using: hasher)
    }
    let signature = NoteSignature(name: "a", keyID: 0xA06F_C73F, blob: [1])
    let note = SignedNote(text: "text\n", signatures: [signature])
    let good = try SignedNote(parsing: Self.checkpoint)

    #expect(throws: NoteError.ambiguousKey(name: "a")) {
      try note.signers(among: keys, checking: isValidEd25519)
    }
    #expect(try good.signers(among: [log, log], checking: isValidEd25519).count == 1)
  }

  /// 32 bytes, big endian.
  private func raw(_ number: Int) -> [UInt8] {
    (0..<32).map { UInt8(truncatingIfNeeded: $0 < 24 ? 0 : number >> (56 - 8 * ($0 - 24))) }
  }

  @Test(arguments: [
    ("", NoteError.unsigned),
    ("text\n", .unsigned),
    ("text\n\n", .unsigned),
    ("\n— a AAAAAAA=\n", .unsigned),
    ("text\n\n— a AAAAAAA=", .signatureLine(line: 3)),
    ("text\n\n- a AAAAAAA=\n", .signatureLine(line: 3)),
    ("text\n\n— a AAAAAAA= \n", .signatureLine(line: 3)),
    ("text\n\n—  AAAAAAA=\n", .signatureLine(line: 3)),
    ("text\n\n— a+b AAAAAAA=\n", .signatureLine(line: 3)),
    ("text\n\n— a\u{A0}b AAAAAAA=\n", .signatureLine(line: 3)),
    ("text\n\n— a AAAAAA==\n", .signatureLine(line: 3)),
    ("text\n\n— a AAAAAAB=\n", .signatureLine(line: 3)),
    ("text\n\n— a AAAAAAA=\nmore\n", .signatureLine(line: 4)),
    ("te\u{1}xt\n\n— a AAAAAAA=\n", .characters),
    ("text\r\n\r\n— a AAAAAAA=\r\n", .characters),
  ])
  func `what is not a note is refused`(text: String, error: NoteError) {
    #expect(throws: error) { try SignedNote(parsing: text) }
    #expect(throws: error) { try SignedNote(parsing: Array(text.utf8)) }
  }

  @Test func `bytes that are not UTF-8 are refused`() {
    #expect(throws: NoteError.characters) { try SignedNote(parsing: [0xFF, 0x0A]) }
  }

  @Test func `a note over its limits is refused`() {
    let line = "— a AAAAAAA=\n"
    let many = "text\n\n" + String(repeating: line, count: 101)
    let most = "text\n\n" + String(repeating: line, count: 100)
    let large = String(repeating: "x", count: 1_000_001)

    #expect(throws: NoteError.tooManySignatures(count: 101)) { try SignedNote(parsing: many) }
    #expect(throws: Never.self) { try SignedNote(parsing: most) }
    #expect(throws: NoteError.tooLarge(byteCount: 1_000_001)) { try SignedNote(parsing: large) }
    #expect(throws: NoteError.tooLarge(byteCount: 1_000_001)) {
      try SignedNote(parsing: Array(large.utf8))
    }
  }

  @Test func `every changed byte is read or refused, and never verifies`() throws {
    let note = Array(Self.example.utf8)
    let key = try VerifierKey(parsing: Self.exampleKey, using: hasher)

    for index in note.indices {
      for mask: UInt8 in [0x01, 0x20, 0x80] {
        var changed = note
        changed[index] ^= mask
        let isSigned: Bool? =
          try? SignedNote(parsing: changed)
          .signers(among: [key], checking: isValidEd25519).isEmpty == false
        #expect(isSigned != true, "byte \(index), mask \(mask)")
      }
    }
  }
}
