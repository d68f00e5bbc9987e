import Cryptography
import Testing

/// What an independent implementation wrote; its verdicts are the format's.
@Suite struct GoldenTests {
  @Test func `the golden file is there with its cases`() throws {
    let golden = try #require(Golden.shared)

    #expect(golden.keys.count == 11)
    #expect(golden.ed25519.count == 9)
    #expect(golden.sealed.count == 3)
  }

  @Test(arguments: Golden.shared?.keys ?? [])
  func `a seed gives the golden spki and keyid`(key: Golden.Key) throws {
    let publicKey = try SigningKey(seed: bytes(key.seed)).publicKey

    #expect(publicKey.spki == bytes(key.spki))
    #expect(publicKey.keyid == bytes(key.keyid))
    #expect(try PublicKey(spki: bytes(key.spki)) == publicKey)
  }

  @Test(arguments: Golden.shared?.ed25519 ?? [])
  func `a signature is accepted where the format accepts it`(golden: Golden.SignatureCase) {
    let key = try? PublicKey(raw: bytes(golden.publicKey))

    let isAccepted =
      key?.isValid(
        signature: bytes(golden.signature), for: bytes(golden.message)) ?? false

    #expect(isAccepted == golden.accepted)
  }

  @Test(arguments: Golden.shared?.sealed ?? [])
  func `a sealed value is sealed and opened as the golden one`(sealed: Golden.Sealed) throws {
    let (key, nonce) = (bytes(sealed.key), bytes(sealed.nonce))
    let associatedData = bytes(sealed.associatedData)

    let box = SealedBox.seal(
      bytes(sealed.plaintext), key: key, nonce: nonce, associatedData: associatedData)

    #expect(box == nonce + bytes(sealed.ciphertextAndTag))
    #expect(
      try SealedBox.open(box, key: key, associatedData: associatedData) == bytes(sealed.plaintext))
  }
}
