import Cryptography
import Foundation
import TestKit
import Testing

/// Ed25519 against RFC 8032 §7.1, and the format's rules for points and scalars.
@Suite struct SignatureTests {
  struct Vector: CustomStringConvertible {
    let name: String
    let seed: String
    let key: String
    let message: String
    let signature: String

    var description: String { name }
  }

  static let vectors = [
    Vector(
      name: "TEST 1",
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature:
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    Vector(
      name: "TEST 2",
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature:
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
    Vector(
      name: "TEST 3",
      seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      message: "af82",
      signature:
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    ),
  ]

  @Test(arguments: vectors)
  func `a vector is signed and checked`(vector: Vector) throws {
    let key = try SigningKey(seed: bytes(vector.seed))
    let message = bytes(vector.message)

    #expect(key.publicKey.raw == bytes(vector.key))
    #expect(key.sign(message) == bytes(vector.signature))
    #expect(key.publicKey.isValid(signature: bytes(vector.signature), for: message))
  }

  @Test func `a changed bit of signature or message is refused`() throws {
    let vector = Self.vectors[2]
    let key = try PublicKey(raw: bytes(vector.key))
    let (signature, message) = (bytes(vector.signature), bytes(vector.message))

    for bit in 0..<512 {
      var changed = signature
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!key.isValid(signature: changed, for: message), "bit \(bit)")
    }
    for bit in 0..<16 {
      var changed = message
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!key.isValid(signature: signature, for: changed), "bit \(bit)")
    }
    #expect(!key.isValid(signature: Array(signature.dropLast()), for: message))
    #expect(!key.isValid(signature: signature + [0], for: message))
    #expect(!key.isValid(signature: [], for: message))
  }

  @Test func `the eight points of small order are nobody's key, and in no signature`() async throws
  {
    let script = Bundle.module.bundlePath + "/Fixtures/torsion.py"
    let output = try await TestProgram.python([script]).text
    let points = output.split(separator: "\n").map {
      bytes(String($0))
    }
    let vector = Self.vectors[0]
    let key = try PublicKey(raw: bytes(vector.key))

    #expect(Set(points).count == 8)
    for point in points {
      #expect(throws: KeyError.smallOrder) { try PublicKey(raw: point) }
      let signature = point + bytes(vector.signature).suffix(32)
      #expect(!key.isValid(signature: signature, for: []))
    }
  }

  @Test func `the largest y is a key's, and y from p on is a second spelling`() throws {
    let ones = [UInt8](repeating: 0xFF, count: 30)

    #expect(throws: Never.self) { try PublicKey(raw: [0xEB] + ones + [0x7F]) }
    #expect(throws: KeyError.smallOrder) { try PublicKey(raw: [0xEC] + ones + [0x7F]) }
    for last: UInt8 in 0xED...0xFF {
      #expect(throws: KeyError.notCanonical) { try PublicKey(raw: [last] + ones + [0x7F]) }
      #expect(throws: KeyError.notCanonical) { try PublicKey(raw: [last] + ones + [0xFF]) }
    }
  }

  @Test func `x of zero with the sign bit is refused`() {
    let one = [1] + [UInt8](repeating: 0, count: 30) + [0x80]
    let minusOne = [0xEC] + [UInt8](repeating: 0xFF, count: 31)

    #expect(throws: KeyError.smallOrder) { try PublicKey(raw: one) }
    #expect(throws: KeyError.smallOrder) { try PublicKey(raw: minusOne) }
  }

  @Test func `bytes that are on no curve are a key that signs nothing`() throws {
    let vector = Self.vectors[0]
    let key = try PublicKey(raw: [2] + [UInt8](repeating: 0, count: 31))

    #expect(!key.isValid(signature: bytes(vector.signature), for: bytes(vector.message)))
  }

  @Test func `threads share a key`() async throws {
    let key = SigningKey.generate()

    let valid = await withTaskGroup(of: Int.self) { group in
      for thread in 0..<8 {
        group.addTask {
          (0..<50).count { round in
            let message = [UInt8(thread), UInt8(round)]
            return key.publicKey.isValid(signature: key.sign(message), for: message)
          }
        }
      }
      return await group.reduce(0, +)
    }

    #expect(valid == 400)
  }
}
