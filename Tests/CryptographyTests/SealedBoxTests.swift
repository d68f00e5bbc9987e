import Cryptography
import Testing

/// AES-256-GCM against the specification's test cases 13 to 16 (McGrew and Viega).
@Suite struct SealedBoxTests {
  struct Case: CustomStringConvertible {
    let number: Int
    let key: String
    let nonce: String
    let plaintext: String
    let associatedData: String
    let ciphertext: String
    let tag: String

    var description: String { "test case \(number)" }
  }

  static let key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
  static let plaintext =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
  static let ciphertext =
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
  static let cases = [
    Case(
      number: 13, key: String(repeating: "00", count: 32),
      nonce: String(repeating: "00", count: 12), plaintext: "", associatedData: "",
      ciphertext: "", tag: "530f8afbc74536b9a963b4f1c4cb738b"),
    Case(
      number: 14, key: String(repeating: "00", count: 32),
      nonce: String(repeating: "00", count: 12), plaintext: String(repeating: "00", count: 16),
      associatedData: "", ciphertext: "cea7403d4d606b6e074ec5d3baf39d18",
      tag: "d0d1c8a799996bf0265b98b5d48ab919"),
    Case(
      number: 15, key: key, nonce: "cafebabefacedbaddecaf888", plaintext: plaintext,
      associatedData: "", ciphertext: ciphertext, tag: "b094dac5d93471bdec1a502270e3cc6c"),
    Case(
      number: 16, key: key, nonce: "cafebabefacedbaddecaf888",
      plaintext: String(plaintext.prefix(120)),
      associatedData: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      ciphertext: String(ciphertext.prefix(120)), tag: "76fc6ece0f4e1768cddf8853bb2d551b"),
  ]

  @Test(arguments: cases)
  func `a test case is sealed and opened`(example: Case) throws {
    let (key, associatedData) = (bytes(example.key), bytes(example.associatedData))

    let box = SealedBox.seal(
      bytes(example.plaintext), key: key, nonce: bytes(example.nonce),
      associatedData: associatedData)

    #expect(box == bytes(example.nonce + example.ciphertext + example.tag))
    #expect(
      try SealedBox.open(box, key: key, associatedData: associatedData)
        == bytes(example.plaintext))
  }

  @Test func `a changed bit anywhere keeps the box shut`() throws {
    let example = Self.cases[3]
    let (key, place) = (bytes(example.key), bytes(example.associatedData))
    let box = bytes(example.nonce + example.ciphertext + example.tag)

    for bit in 0..<8 * box.count {
      #expect(throws: SealedBoxError.notAuthentic) {
        try SealedBox.open(flipping(bit, of: box), key: key, associatedData: place)
      }
    }
    for bit in 0..<8 * key.count {
      #expect(throws: SealedBoxError.notAuthentic) {
        try SealedBox.open(box, key: flipping(bit, of: key), associatedData: place)
      }
    }
    for bit in 0..<8 * place.count {
      #expect(throws: SealedBoxError.notAuthentic) {
        try SealedBox.open(box, key: key, associatedData: flipping(bit, of: place))
      }
    }
  }

  @Test func `a box too short for nonce and tag is refused`() {
    let key = [UInt8](repeating: 0, count: 32)

    #expect(throws: SealedBoxError.tooShort(byteCount: 27)) {
      try SealedBox.open([UInt8](repeating: 0, count: 27), key: key, associatedData: [])
    }
    #expect(throws: SealedBoxError.notAuthentic) {
      try SealedBox.open([UInt8](repeating: 0, count: 28), key: key, associatedData: [])
    }
  }

  @Test func `errors say that nothing was opened`() {
    #expect("\(SealedBoxError.tooShort(byteCount: 27))".contains("has 27"))
    #expect("\(SealedBoxError.notAuthentic)".hasPrefix("Nothing was opened"))
  }

  private func flipping(_ bit: Int, of bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    return bytes
  }
}
