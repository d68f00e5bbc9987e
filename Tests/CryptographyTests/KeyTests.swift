import Cryptography
import Foundation
import TestKit
import Testing

/// Keys in PEM and DER, read by `openssl` and written by it.
@Suite struct KeyTests {
  let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test func `openssl reads our private key, and finds our SPKI in it`() async throws {
    let key = SigningKey.generate()
    let path = try scratch.file("ours.pem", key.pem)

    let spki = try await TestProgram("openssl", "pkey", "-in", path, "-pubout", "-outform", "DER")
      .output

    #expect(key.pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    #expect(Array(spki) == key.publicKey.spki)
  }

  @Test func `we read openssl's private key, and agree on its SPKI`() async throws {
    let path = scratch.path("theirs.pem")
    _ = try await TestProgram("openssl", "genpkey", "-algorithm", "ed25519", "-out", path)
    let spki = try await TestProgram("openssl", "pkey", "-in", path, "-pubout", "-outform", "DER")
      .output

    let key = try SigningKey(pem: String(contentsOfFile: path, encoding: .utf8))

    #expect(key.publicKey.spki == Array(spki))
    #expect(try PublicKey(spki: Array(spki)) == key.publicKey)
  }

  @Test func `openssl verifies our signature, and makes the same`() async throws {
    let key = SigningKey.generate()
    let path = try scratch.file("ours.pem", key.pem)
    let message = try scratch.file("message", "what was done")

    let theirs = try await TestProgram(
      "openssl", "pkeyutl", "-sign", "-inkey", path, "-rawin", "-in", message
    ).output

    #expect(Array(theirs) == key.sign(Array("what was done".utf8)))
  }

  @Test func `a key comes back from its PEM`() throws {
    let key = SigningKey.generate()

    let again = try SigningKey(pem: key.pem)

    #expect(again.publicKey == key.publicKey)
    #expect(again.publicKey.hashValue == key.publicKey.hashValue)
    #expect(again.pem == key.pem)
    #expect(SigningKey.generate().publicKey != key.publicKey)
  }

  @Test(arguments: [
    ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    ["genpkey", "-algorithm", "X25519"],
  ])
  func `a private key of another algorithm is refused`(arguments: [String]) async throws {
    let path = scratch.path("other.pem")
    _ = try await TestProgram(["openssl"] + arguments + ["-out", path])

    let pem = try String(contentsOfFile: path, encoding: .utf8)

    #expect(throws: KeyError.notEd25519) { try SigningKey(pem: pem) }
  }

  @Test func `an encrypted private key is refused, and nobody is asked for its passphrase`()
    async throws
  {
    let path = scratch.path("encrypted.pem")
    _ = try await TestProgram(
      "openssl", "genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:secret", "-out",
      path)

    let pem = try String(contentsOfFile: path, encoding: .utf8)

    #expect(throws: KeyError.notAPrivateKeyPEM) { try SigningKey(pem: pem) }
  }

  @Test func `text that is no private key is refused`() async throws {
    let key = SigningKey.generate()
    let path = try scratch.file("ours.pem", key.pem)
    let publicPEM = try await TestProgram("openssl", "pkey", "-in", path, "-pubout").output

    for pem in ["", "nonsense", String(decoding: publicPEM, as: UTF8.self)] {
      #expect(throws: KeyError.notAPrivateKeyPEM) { try SigningKey(pem: pem) }
    }
    #expect(throws: KeyError.notAPrivateKeyPEM) {
      try SigningKey(pem: key.pem.replacing("MC4C", with: "MC4D"))
    }
  }

  @Test func `raw keys and seeds have 32 bytes`() {
    for count in [0, 31, 33, 64] {
      let raw = [UInt8](repeating: 7, count: count)
      #expect(throws: KeyError.wrongLength(byteCount: count)) { try SigningKey(seed: raw) }
      #expect(throws: KeyError.wrongLength(byteCount: count)) { try PublicKey(raw: raw) }
    }
  }

  @Test func `an SPKI of another algorithm or length is refused`() throws {
    let spki = SigningKey.generate().publicKey.spki
    var x25519 = spki
    x25519[8] = 0x6E

    #expect(throws: KeyError.notAnEd25519SPKI) { try PublicKey(spki: x25519) }
    #expect(throws: KeyError.notAnEd25519SPKI) { try PublicKey(spki: Array(spki.dropLast())) }
    #expect(throws: KeyError.notAnEd25519SPKI) { try PublicKey(spki: spki + [0]) }
    #expect(throws: KeyError.notAnEd25519SPKI) { try PublicKey(spki: []) }
  }

  @Test func `a private key shows its keyid only`() throws {
    let golden = try #require(Golden.shared?.keys.first)
    let key = try SigningKey(seed: bytes(golden.seed))
    var dumped = ""
    dump(key, to: &dumped)

    #expect("\(key)" == "private key of \(golden.keyid)")
    #expect(String(reflecting: key) == "private key of \(golden.keyid)")
    #expect(!dumped.contains(golden.seed.prefix(8)))
    #expect(Mirror(reflecting: key).children.isEmpty)
  }

  @Test(arguments: [
    (KeyError.wrongLength(byteCount: 31), "has 31"), (.notAnEd25519SPKI, "44 bytes"),
    (.notAPrivateKeyPEM, "openssl pkey"), (.notEd25519, "openssl genpkey -algorithm ed25519"),
    (.notCanonical, "2^255-19"), (.smallOrder, "small order"),
  ])
  func `an error says what the bytes are not`(error: KeyError, words: String) {
    #expect("\(error)".hasPrefix("No key was read: "))
    #expect("\(error)".contains(words))
  }

  @Test func `random bytes come in the number asked for, and differ`() {
    let source = SystemRandom()

    #expect(source.bytes(0).isEmpty)
    #expect(source.bytes(16).count == 16)
    #expect(source.bytes(32) != source.bytes(32))
  }
}
