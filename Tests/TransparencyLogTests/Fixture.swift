import CanonicalJSON
import Foundation
import TransparencyLog

/// A JSON file of `Fixtures`.
enum Fixture {
  struct Missing: Error { let name: String }

  static func decode<Value: Decodable>(_ type: Value.Type, from name: String) throws -> Value {
    guard let url = Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "json")
    else { throw Missing(name: name) }
    return try JSONDecoder().decode(type, from: Data(contentsOf: url))
  }
}

/// What `tools/merkle-vectors.py` wrote.
struct MerkleVectors: Decodable {
  let roots: [String]
  let inclusion: [String: String]
  let consistency: [String: String]

  static func load() throws -> MerkleVectors { try Fixture.decode(Self.self, from: "merkle") }
}

/// The parts of the golden file that are about the tree, its notes and receipts.
struct Golden: Decodable {
  struct Key: Decodable {
    let name: String
    let spki: String
    let keyid: String
    let vkey: String?
  }

  struct Signature: Decodable {
    let keyid: String
    let sig: String
  }

  struct Entry: Decodable {
    let position: Int
    let header: String
    let paeSHA256: String
    let signatures: [Signature]
    let line: String
    let leafHash: String
    let rootAfter: String
    let checkpointAfter: String
  }

  struct Inclusion: Decodable {
    let position: Int
    let size: Int
    let leafHash: String
    let path: [String]
    let root: String
  }

  struct Consistency: Decodable {
    let from: Int
    let to: Int
    let path: [String]
    let rootFrom: String
    let rootTo: String
  }

  struct Proofs: Decodable {
    let inclusion: [Inclusion]
    let consistency: [Consistency]
  }

  struct Receipt: Decodable {
    let position: Int
    let text: String
  }

  let origin: String
  let payloadType: String
  let keys: [Key]
  let entries: [Entry]
  let proofs: Proofs
  let witnessedCheckpoint: String
  let receipt: Receipt

  static func load() throws -> Golden { try Fixture.decode(Self.self, from: "format-golden") }

  /// The tree over the entries' lines.
  var tree: TestTree { TestTree(leaves: entries.map { Array($0.line.utf8) }) }

  func verifierKey(named name: String) throws -> VerifierKey {
    let text = keys.first { $0.name == name }?.vkey
    return try VerifierKey(parsing: text ?? "no key \(name)", using: hasher)
  }
}
