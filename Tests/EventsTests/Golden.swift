import CanonicalJSON
import Events
import Foundation
import Testing

/// The golden ledger, made by another implementation of the format: `Fixtures/format-golden.json`.
struct Golden: Decodable {
  struct Entry: Decodable {
    struct Signature: Decodable {
      let keyid: String
      let sig: String
    }

    let position: Int
    let label: String
    let header: String
    let body: String
    let signatures: [Signature]
    let recorded: String
    let line: String
  }

  struct SealedValue: Decodable {
    let entry: String
    let event: Int
    let pointer: String
    let subject: String
    let value: String
    let salt: String
    let associatedData: String
    let commitment: String
  }

  struct Mutation: Decodable {
    struct Operation: Decodable {
      struct Repeated: Decodable {
        let byte: String
        let times: Int
      }

      let op: String
      let of: String?
      let position: Int?
      let find: String?
      let replace: String?
      let line: String?
      let body: String?
      let byte: String?
      let times: Int?
      let bodyRepeated: Repeated?

      var bodyText: String? {
        body ?? bodyRepeated.map { String(repeating: $0.byte, count: $0.times) }
      }
    }

    let name: String
    let ops: [Operation]
    let expected: String?
  }

  let origin: String
  let entries: [Entry]
  let sealed: [SealedValue]
  let mutated: [Mutation]

  static let ledger: Golden = {
    guard
      let url = Bundle.module.url(forResource: "Fixtures/format-golden", withExtension: "json"),
      let data = try? Data(contentsOf: url),
      let golden = try? JSONDecoder().decode(Golden.self, from: data)
    else { preconditionFailure("Fixtures/format-golden.json cannot be read") }
    return golden
  }()

  static func entry(_ position: Int) -> Entry { ledger.entries[position] }
}

extension Golden.Entry: CustomTestStringConvertible {
  var testDescription: String { "\(position) \(label)" }
}

extension Golden.Mutation: CustomTestStringConvertible {
  var testDescription: String { name }
}
