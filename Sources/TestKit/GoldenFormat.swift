import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore

/// `format-golden.json`: what an independent implementation made of the format.
package struct GoldenFormat: Decodable, Sendable {
  package struct Entry: Decodable, Sendable {
    package let position: Int
    package let label: String
    package let header: String
    package let body: String
    package let signatures: [Signature]
    package let recorded: String
    package let line: String
    package let leafHash: String
    package let rootAfter: String
    package let checkpointAfter: String
  }

  package struct Signature: Decodable, Sendable {
    package let keyid: String
    package let sig: String
  }

  package struct SealedCase: Decodable, Sendable {
    package let entry: String
    package let event: Int
    package let pointer: String
    package let subject: String
    package let value: String
    package let salt: String
    package let key: String
    package let nonce: String
    package let ciphertextAndTag: String
    package let commitment: String
  }

  package struct Receipt: Decodable, Sendable {
    package let position: Int
    package let text: String
  }

  package struct Mutation: Decodable, Sendable {
    package struct Operation: Decodable, Sendable {
      package let op: String
      package let of: String?
      package let position: Int?
      package let find: String?
      package let replace: String?
      package let line: String?
      package let body: String?
      package let bodyRepeated: Repeated?
    }

    package struct Repeated: Decodable, Sendable {
      package let byte: String
      package let times: Int
    }

    package let name: String
    package let ops: [Operation]
    package let expected: String?
    package let position: Int?
  }

  package struct Inclusion: Decodable, Sendable {
    package let position: Int
    package let size: Int
    package let path: [String]
  }

  package struct Consistency: Decodable, Sendable {
    package let from: Int
    package let to: Int
    package let path: [String]
  }

  package struct Proofs: Decodable, Sendable {
    package let inclusion: [Inclusion]
    package let consistency: [Consistency]
  }

  package let origin: String
  package let entries: [Entry]
  package let proofs: Proofs
  package let witnessedCheckpoint: String
  package let receipt: Receipt
  package let sealed: [SealedCase]
  package let mutated: [Mutation]

  /// - Parameter url: Of the file in the test target's `Fixtures`.
  package static func load(_ url: URL) throws -> GoldenFormat {
    try JSONDecoder().decode(GoldenFormat.self, from: Data(contentsOf: url))
  }
}

extension GoldenFormat {
  /// The entry as it was sent to the log, its personal values with it.
  package func envelope(_ entry: Entry) throws -> SignedEnvelope {
    let header = try EntryHeader(parsing: Array(entry.header.utf8))
    return SignedEnvelope(
      header: Array(entry.header.utf8), body: Array(entry.body.utf8),
      signatures: try entry.signatures.map { try $0.signature },
      sealed: try sealed.filter { $0.entry == header.entry.description }.map { try $0.opened })
  }

  /// The envelope and time inside a line that a mutation appends.
  package static func envelope(
    line: String, body: [UInt8]
  ) throws -> (envelope: SignedEnvelope, recorded: Timestamp) {
    let parsed = try EntryLine(parsing: Array(line.utf8))
    return (
      SignedEnvelope(header: parsed.header, body: body, signatures: parsed.signatures),
      parsed.recorded
    )
  }
}

extension GoldenFormat.Signature {
  var signature: EntrySignature {
    get throws {
      guard let keyid = KeyID(hex: keyid), let bytes = Base64.decode(sig) else {
        throw CocoaError(.coderInvalidValue)
      }
      return EntrySignature(keyid: keyid, signature: bytes)
    }
  }
}

extension GoldenFormat.SealedCase {
  var opened: SealedValue {
    get throws {
      guard let salt = Hex.decode(salt) else { throw CocoaError(.coderInvalidValue) }
      return SealedValue(
        subject: try SubjectID(parsing: subject), salt: salt, value: Array(value.utf8))
    }
  }
}
