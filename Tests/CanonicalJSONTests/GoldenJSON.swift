import CanonicalJSON
import Foundation
import Testing

/// The part of the golden file that an independent implementation wrote about JSON.
struct GoldenJSON: Decodable {
  struct Refused: Decodable, CustomTestStringConvertible {
    let hex: String
    let reason: String
    let offset: Int

    var bytes: [UInt8] { Hex.decode(hex) ?? [] }
    var testDescription: String { "\(reason) at \(offset): \(hex.prefix(40))" }
  }

  let accepted: [String]
  let refused: [Refused]

  /// Read once; a missing or misshapen file fails the tests that ask for a case.
  static let shared: GoldenJSON? = {
    struct File: Decodable { let json: GoldenJSON }
    guard
      let url = Bundle.module.url(forResource: "Fixtures/format-golden", withExtension: "json"),
      let data = try? Data(contentsOf: url)
    else { return nil }
    return try? JSONDecoder().decode(File.self, from: data).json
  }()
}
