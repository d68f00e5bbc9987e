import CanonicalJSON
import Testing

/// Digests, hexadecimal and Base64: one spelling for each byte string.
@Suite struct BinaryTextTests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func `RFC 4648's vectors are written and read`(plain: String, text: String) {
    #expect(Base64.encode(Array(plain.utf8)) == text)
    #expect(Base64.decode(text) == Array(plain.utf8))
  }

  @Test func `every byte comes back from Base64 and hexadecimal`() {
    for count in 0...256 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ count) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
      #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }
    #expect(Base64.decode("+/+/") == [0xFB, 0xFF, 0xBF])
  }

  @Test(arguments: [
    "A", "AA", "AAA", "AAAAA", "=", "====", "A===", "AA=A", "=AAA", "AAAA====", "AAA=AAAA",
    "AB==", "AAB=", "A-AA", "A_AA", "AA A", "AAAA\n", "AA\u{E9}", "AA==AA==",
  ])
  func `another spelling of Base64 is refused`(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test(arguments: ["0", "0g", "AB", "aB", " 0", "0x", "00 ", "é"])
  func `what is not lower-case hexadecimal is refused`(text: String) {
    #expect(Hex.decode(text) == nil)
  }

  @Test func `a digest keeps its 32 bytes in order`() throws {
    let bytes = Array(0..<32).map { UInt8($0) }
    let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

    let digest = Digest(bytes: bytes)

    #expect(digest.bytes == bytes)
    #expect(digest.hex == hex)
    #expect("\(digest)" == hex)
    #expect(Digest(hex: hex) == digest)
    #expect(digest.withUnsafeBytes { Array($0) } == bytes)
    #expect(Digest { $0.copyBytes(from: bytes) } == digest)
    #expect(bytes[...].withUnsafeBytes { Digest($0) } == digest)
  }

  @Test(arguments: ["", "00", String(repeating: "0", count: 63), String(repeating: "0", count: 66)])
  func `a digest of another length is refused`(hex: String) {
    #expect(Digest(hex: hex) == nil)
  }

  @Test func `upper case is no digest`() {
    #expect(Digest(hex: String(repeating: "A", count: 64)) == nil)
    #expect(Digest(hex: String(repeating: "a", count: 64)) != nil)
  }

  @Test func `digests differ in any byte, and are ordered by the first that does`() {
    let zero = Digest(bytes: [UInt8](repeating: 0, count: 32))

    for index in 0..<32 {
      var bytes = zero.bytes
      bytes[index] = 1
      let other = Digest(bytes: bytes)
      #expect(other != zero)
      #expect(zero < other)
      #expect(!(other < zero))
      #expect(other.hashValue != zero.hashValue)
      if index < 31 {
        bytes[index] = 0
        bytes[index + 1] = 255
        #expect(Digest(bytes: bytes) < other)
      }
    }
    #expect(!(zero < zero))
  }
}
