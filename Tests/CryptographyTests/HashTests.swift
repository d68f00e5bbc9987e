import Cryptography
import Testing

/// SHA-256 and HMAC-SHA256 against FIPS 180-4's examples and RFC 4231.
@Suite struct HashTests {
  static let examples: [(message: [UInt8], digest: String)] = [
    ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  @Test(arguments: 0..<4)
  func `the standard's examples have their digests`(example: Int) {
    let (message, digest) = Self.examples[example]

    #expect(SHA256.hash(message) == bytes(digest))
  }

  @Test func `a message in pieces has the digest of the whole, time after time`() {
    let context = SHA256.Context()

    for (message, digest) in Self.examples {
      context.update(Array(message.prefix(1)))
      context.update(Array(message.dropFirst(1)))
      #expect(context.finish() == bytes(digest))
    }
  }

  @Test func `a context that begins again forgets what it was given`() {
    let context = SHA256.Context()
    context.update(Array("forgotten".utf8))

    context.begin()

    #expect(context.finish() == bytes(Self.examples[0].digest))
  }

  static let codes: [(key: [UInt8], message: [UInt8], code: String)] = [
    (
      [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      Array(1...25), [UInt8](repeating: 0xCD, count: 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    ),
    (
      [UInt8](repeating: 0xAA, count: 131),
      Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    ([], [], "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
  ]

  @Test(arguments: 0..<6)
  func `the known messages have their codes`(example: Int) {
    let (key, message, code) = Self.codes[example]

    #expect(hmacSHA256(message, key: key) == bytes(code))
    #expect(isValidHMACSHA256(bytes(code), for: message, key: key))
  }

  @Test func `a code with a changed bit, or of another length, is refused`() {
    let (key, message, code) = Self.codes[0]

    for bit in 0..<256 {
      var changed = bytes(code)
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!isValidHMACSHA256(changed, for: message, key: key))
    }
    #expect(!isValidHMACSHA256(Array(bytes(code).dropLast()), for: message, key: key))
    #expect(!isValidHMACSHA256([], for: message, key: key))
  }
}
