import Foundation

/// The parts of the golden file that are about keys, signatures and sealed values.
struct Golden: Decodable {
  struct Key: Decodable, CustomStringConvertible {
    let name: String
    let seed: String
    let spki: String
    let keyid: String

    var description: String { name }
  }

  struct SignatureCase: Decodable, CustomStringConvertible {
    let name: String
    let publicKey: String
    let message: String
    let signature: String
    let accepted: Bool

    private enum CodingKeys: String, CodingKey {
      case name, message, signature, accepted
      case publicKey = "public"
    }

    var description: String { name }
  }

  struct Sealed: Decodable, CustomStringConvertible {
    let pointer: String
    let key: String
    let nonce: String
    let associatedData: String
    let plaintext: String
    let ciphertextAndTag: String

    var description: String { pointer }
  }

  let keys: [Key]
  let ed25519: [SignatureCase]
  let sealed: [Sealed]

  /// Nil when the file is missing or misshapen, which fails every test that asks for it.
  static let shared: Golden? = {
    guard
      let url = Bundle.module.url(forResource: "Fixtures/format-golden", withExtension: "json"),
      let data = try? Data(contentsOf: url)
    else { return nil }
    return try? JSONDecoder().decode(Golden.self, from: data)
  }()
}

/// The bytes that pairs of hexadecimal digits spell; vectors come with blanks between them.
func bytes(_ hex: String) -> [UInt8] {
  let digits = hex.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map {
    UInt8(digits[$0] << 4 | digits[$0 + 1])
  }
}
