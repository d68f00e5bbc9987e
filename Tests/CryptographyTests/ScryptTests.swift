import Cryptography
import Testing

/// scrypt against the test vectors of RFC 7914 §12; its fourth needs a gibibyte.
@Suite struct ScryptTests {
  struct Case: CustomTestStringConvertible {
    let passphrase: String
    let salt: String
    let work: Scrypt.Work
    let key: String

    var testDescription: String { "'\(passphrase)'" }
  }

  static let cases = [
    Case(
      passphrase: "", salt: "", work: Scrypt.Work(cost: 16, blocks: 1, lanes: 1),
      key: """
        77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442\
        fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906
        """),
    Case(
      passphrase: "password", salt: "NaCl", work: Scrypt.Work(cost: 1024, blocks: 8, lanes: 16),
      key: """
        fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162\
        2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640
        """),
    Case(
      passphrase: "pleaseletmein", salt: "SodiumChloride",
      work: Scrypt.Work(cost: 16_384, blocks: 8, lanes: 1),
      key: """
        7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
        d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887
        """),
  ]

  @Test(arguments: cases)
  func `a vector of the RFC is derived`(example: Case) {
    let key = Scrypt.derive(
      64, from: Array(example.passphrase.utf8), salt: Array(example.salt.utf8), work: example.work)

    #expect(key == bytes(example.key))
  }

  @Test func `a passphrase costs 64 MiB, twice`() {
    let work = Scrypt.Work.passphrase

    #expect(128 * work.cost * work.blocks == 64 << 20)
    #expect(work.lanes == 2)
  }
}
