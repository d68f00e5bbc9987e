import CanonicalJSON
import Testing
import TransparencyLog

/// Keys as notes name them.
@Suite struct VerifierKeyTests {
  static let text = "ledger.example/prod+77b80c1d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"

  @Test func `a key is read, and written as it was`() throws {
    let key = try VerifierKey(parsing: Self.text, using: hasher)

    #expect(key.name == "ledger.example/prod")
    #expect(key.algorithm == .ed25519)
    #expect(key.keyID == 0x77B8_0C1D)
    #expect(
      Hex.encode(key.key) == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")
    #expect(key.text == Self.text)
  }

  @Test func `one key pair has another ID under another name and algorithm`() throws {
    let key = try VerifierKey(parsing: Self.text, using: hasher).key

    let witness = try VerifierKey(
      name: "witness.example/w1", algorithm: .cosignature, key: key, using: hasher)

    #expect(witness.keyID == 0xE75F_6532)
  }

  @Test(arguments: [
    "", "name", "name+77b80c1d", "name+77B80C1D+AQ==", "name+77b80c+AQ==", "name+77b80c1d+",
    "name+77b80c1d+AQ", "name+77b80c1d+AQOh",
  ])
  func `what is not a verifier key is refused`(text: String) {
    #expect(throws: NoteError.verifierKey(text)) {
      try VerifierKey(parsing: text, using: hasher)
    }
  }

  @Test func `an algorithm that is not known is named`() {
    #expect(throws: NoteError.keyAlgorithm(6)) {
      try VerifierKey(parsing: "name+77b80c1d+BgAA", using: hasher)
    }
  }

  @Test func `a stated ID that is not the key's is refused`() {
    #expect(throws: NoteError.keyID(stated: 0x77B8_0C1E, computed: 0x77B8_0C1D)) {
      try VerifierKey(
        parsing: Self.text.replacing("77b80c1d", with: "77b80c1e"), using: hasher)
    }
  }

  @Test(arguments: ["", "a b", "a\u{2003}b", "a\u{1}b", String(repeating: "x", count: 256)])
  func `a name that notes cannot carry is refused`(name: String) {
    #expect(throws: NoteError.name(name)) {
      try VerifierKey(
        name: name, algorithm: .ed25519, key: [UInt8](repeating: 0, count: 32), using: hasher)
    }
  }

  @Test func `a cosignature is read from its 72 bytes and no others`() throws {
    let blob = [UInt8](repeating: 0, count: 7) + [9] + [UInt8](repeating: 3, count: 64)
    let cosignature = try #require(Cosignature(blob: blob))

    #expect(cosignature.time == 9)
    #expect(cosignature.signature == [UInt8](repeating: 3, count: 64))
    #expect(cosignature.blob == blob)
    #expect(
      String(decoding: cosignature.message(on: "a\n1\nb\n"), as: UTF8.self)
        == "cosignature/v1\ntime 9\na\n1\nb\n")
    #expect(Cosignature(blob: Array(blob.dropLast())) == nil)
    #expect(Cosignature(blob: [0x80] + blob.dropFirst()) == nil)
  }
}
