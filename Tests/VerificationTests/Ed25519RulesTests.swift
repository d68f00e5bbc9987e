import CanonicalJSON
import Testing

@testable import Verification

/// FORMAT.md's rules about keys and signatures, which libraries do not agree on.
@Suite struct Ed25519RulesTests {
  private func bytes(_ hex: String) throws -> [UInt8] { try #require(Hex.decode(hex)) }

  @Test(arguments: GoldenFile.shared.ed25519)
  func `each golden edge case is accepted or refused as the golden file says`(
    edge: GoldenFile.SignatureCase
  ) throws {
    let key = VerificationKey(raw: try bytes(edge.public))
    let isAccepted = key?.verifies(try bytes(edge.signature), try bytes(edge.message)) ?? false

    #expect(isAccepted == edge.accepted, "\(edge.name)")
  }

  /// The eight points of small order, and the spellings that are no encoding (y ≥ p, or −0).
  @Test(arguments: [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ])
  func `no point of small order and no second spelling is a key or an R`(hex: String) throws {
    let point = try bytes(hex)
    #expect(!Ed25519Rules.isUsable(key: point))
    guard !hex.hasPrefix("edff"), !hex.hasPrefix("eeff"), !hex.hasPrefix("ffff") else { return }
    let signature = point + [UInt8](repeating: 0, count: 32)
    #expect(!signature.withUnsafeBytes { Ed25519Rules.isUsable(signature: $0) })
  }

  @Test func `a point off the curve is no key, and neither are 31 bytes`() throws {
    // y = 2: (y² − 1) / (d·y² + 1) is no square.
    #expect(!Ed25519Rules.isUsable(key: [2] + [UInt8](repeating: 0, count: 31)))
    #expect(!Ed25519Rules.isUsable(key: [UInt8](repeating: 3, count: 31)))
  }

  @Test(arguments: [
    ("ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", true),  // L − 1
    ("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", false),  // L
    ("eed3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", false),  // L + 1
    ("00000000000000000000000000000000ffffffffffffffffffffffffffffff0f", true),
    ("0000000000000000000000000000000001000000000000000000000000000010", false),
    ("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false),
  ])
  func `S is below the order of the group`(s: String, isBelow: Bool) throws {
    let r = try bytes(GoldenFile.shared.ed25519[0].signature).prefix(32)
    let signature = try r + bytes(s)
    #expect(Array(signature).withUnsafeBytes { Ed25519Rules.isUsable(signature: $0) } == isBelow)
  }

  @Test func `the keyid of every golden key is the SHA-256 of its SPKI`() throws {
    for key in GoldenFile.shared.keys {
      let spki = try bytes(key.spki)
      #expect(VerificationKey(raw: Array(spki.suffix(32)))?.keyid.hex == key.keyid)
    }
  }

  @Test func `field arithmetic wraps at p`() throws {
    let one = FieldElement.one
    #expect(FieldElement.minusOne + one == .zero)
    #expect(FieldElement.minusOne * FieldElement.minusOne == one)
    #expect(FieldElement.zero - one == .minusOne)
    #expect(FieldElement(7) * FieldElement(7).inverse == one)
    #expect(Set([one, FieldElement(1), .zero]).count == 2)
  }
}
