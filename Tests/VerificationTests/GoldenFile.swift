import CanonicalJSON
import Foundation
import Testing
import TransparencyLog

@testable import Verification

/// `Fixtures/format-golden.json`: keys, a ledger, proofs, sealed values, Ed25519 edge cases and
/// mutated ledgers that an independent implementation made.
struct GoldenFile: Decodable {
  struct Key: Decodable {
    let name: String
    let role: String
    let owner: String
    let seed: String
    let spki: String
    let keyid: String
    let vkey: String?
  }

  struct Entry: Decodable {
    let position: Int
    let header: String
    let body: String
    let line: String
    let leafHash: String
    let rootAfter: String
    let checkpointAfter: String
  }

  struct Sealed: Decodable {
    let entry: String
    let event: Int
    let pointer: String
    let salt: String
    let value: String
    let key: String
    let nonce: String
    let ciphertextAndTag: String
    let associatedData: String
    let commitment: String
    let subject: String
  }

  struct SignatureCase: Decodable {
    let name: String
    let `public`: String
    let message: String
    let signature: String
    let accepted: Bool
  }

  struct JSONCases: Decodable {
    struct Refused: Decodable {
      let hex: String
      let reason: String
      let offset: Int
    }

    let accepted: [String]
    let refused: [Refused]
  }

  struct Mutation: Decodable, CustomTestStringConvertible {
    let name: String
    let ops: [Operation]
    let expected: String?
    let position: Int?

    var testDescription: String { name }
  }

  struct Operation: Decodable {
    struct Repeated: Decodable {
      let byte: String
      let times: Int
    }

    let op: String
    let of: String?
    let position: Int?
    let positions: [Int]?
    let find: String?
    let replace: String?
    let line: String?
    let body: String?
    let bodyRepeated: Repeated?
    let byte: String?
    let times: Int?
    let note: String?
    let entry: String?
    let event: Int?
    let pointer: String?
    let salt: String?
  }

  struct ReceiptCase: Decodable {
    let position: Int
    let text: String
  }

  let keys: [Key]
  let entries: [Entry]
  let witnessedCheckpoint: String
  let receipt: ReceiptCase
  let sealed: [Sealed]
  let ed25519: [SignatureCase]
  let json: JSONCases
  let mutated: [Mutation]

  static let shared: GoldenFile = {
    guard let file = Bundle.module.url(forResource: "Fixtures/format-golden", withExtension: "json")
    else { preconditionFailure("Fixtures/format-golden.json is not in the test bundle") }
    do {
      return try JSONDecoder().decode(GoldenFile.self, from: Data(contentsOf: file))
    } catch {
      preconditionFailure("Fixtures/format-golden.json: \(error)")
    }
  }()

  func key(_ name: String) -> Key {
    guard let key = keys.first(where: { $0.name == name }) else {
      preconditionFailure("no golden key \(name)")
    }
    return key
  }
}

extension MemoryLedger {
  /// The golden ledger, with its vault and without a checkpoint.
  static var golden: MemoryLedger {
    let file = GoldenFile.shared
    var vault: [Place: [UInt8]] = [:]
    for sealed in file.sealed {
      vault[Place(sealed)] = (Hex.decode(sealed.salt) ?? []) + Array(sealed.value.utf8)
    }
    let entries = file.entries.map { Entry(line: Array($0.line.utf8), body: Array($0.body.utf8)) }
    return MemoryLedger(entries: entries, vault: vault)
  }

  /// The golden ledger with its last checkpoint.
  static var goldenWithCheckpoint: MemoryLedger {
    var ledger = golden
    ledger.checkpoints = [GoldenFile.shared.witnessedCheckpoint]
    return ledger
  }

  func mutated(by operations: [GoldenFile.Operation]) -> MemoryLedger {
    var ledger = self
    for operation in operations { ledger.apply(operation) }
    return ledger
  }

  private mutating func apply(_ operation: GoldenFile.Operation) {
    let position = operation.position ?? 0
    switch operation.op {
    case "edit": edit(operation, at: position)
    case "swap": entries.swapAt(operation.positions?[0] ?? 0, operation.positions?[1] ?? 0)
    case "remove": entries.remove(at: position)
    case "repeat": entries.insert(entries[position], at: position + 1)
    case "removeBody": entries[position].body = nil
    case "append":
      let body =
        operation.bodyRepeated.map { Array(String(repeating: $0.byte, count: $0.times).utf8) }
        ?? Array((operation.body ?? "").utf8)
      entries.append(Entry(line: Array((operation.line ?? "").utf8), body: body))
    case "appendRepeated":
      let line = String(repeating: operation.byte ?? "", count: operation.times ?? 0)
      entries.append(Entry(line: Array(line.utf8), body: nil))
    case "checkpoint": checkpoints = [operation.note ?? ""]
    case "vaultSalt":
      vault?[Place(operation)]?.replaceSubrange(
        0..<32, with: Hex.decode(operation.salt ?? "") ?? [])
    case "vaultRemove": vault?[Place(operation)] = nil
    default: preconditionFailure("no operation \(operation.op)")
    }
  }

  private mutating func edit(_ operation: GoldenFile.Operation, at position: Int) {
    func edited(_ bytes: [UInt8]) -> [UInt8] {
      let text = String(decoding: bytes, as: UTF8.self)
      let (find, replace) = (operation.find ?? "", operation.replace ?? "")
      precondition(text.contains(find), "nothing to edit at \(position)")
      return Array(text.replacingOccurrences(of: find, with: replace).utf8)
    }
    if operation.of == "body" {
      entries[position].body = edited(entries[position].body ?? [])
    } else {
      entries[position].line = edited(entries[position].line)
    }
  }
}

extension MemoryLedger.Place {
  init(_ sealed: GoldenFile.Sealed) {
    self.init(entry: sealed.entry, event: sealed.event, pointer: sealed.pointer)
  }

  init(_ operation: GoldenFile.Operation) {
    self.init(
      entry: operation.entry ?? "", event: operation.event ?? 0, pointer: operation.pointer ?? "")
  }

  private init(entry: String, event: Int, pointer: String) {
    guard let id = Identifier(parsing: entry) else { preconditionFailure("no entry id: \(entry)") }
    self.init(entry: id, event: event, pointer: pointer)
  }
}
