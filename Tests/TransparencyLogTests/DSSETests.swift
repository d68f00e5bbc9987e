import CanonicalJSON
import Cryptography
import Foundation
import TestKit
import Testing
import TransparencyLog

/// What is signed, against the specification, the golden entries and another verifier.
@Suite struct DSSETests {
  @Test func `the encoding is the specification's`() {
    let encoded = DSSE.pae(
      payloadType: "http://example.com/HelloWorld", payload: Array("hello world".utf8))

    #expect(
      String(decoding: encoded, as: UTF8.self)
        == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
  }

  @Test func `lengths count bytes, and an empty payload has none`() {
    let encoded = DSSE.pae(payloadType: "ż", payload: [])

    #expect(String(decoding: encoded, as: UTF8.self) == "DSSEv1 2 ż 0 ")
  }

  @Test func `the known signature is made over it`() throws {
    let key = try SigningKey(seed: Array(0..<32))

    let signature = key.sign(
      DSSE.pae(payloadType: "application/vnd.in-toto+json", payload: Array("{}".utf8)))

    #expect(
      Base64.encode(signature)
        == "dWG98CPWh3lAzt/mxzJ7Nc6Avgf2tjap4msM5gNmMV9Lpu+TWkZMk3lP/u6Su450zcqkLQw21MTZfwU07XgjCw=="
    )
  }

  @Test func `every golden entry is signed over its encoding`() throws {
    let golden = try Golden.load()

    #expect(golden.entries.count == 12)
    for entry in golden.entries {
      let encoded = DSSE.pae(
        payloadType: golden.payloadType, payload: Array(entry.header.utf8))
      #expect(Hex.encode(SHA256.hash(encoded)) == entry.paeSHA256)

      for signature in entry.signatures {
        let spki = golden.keys.first { $0.keyid == signature.keyid }?.spki ?? ""
        let key = try PublicKey(spki: Hex.decode(spki) ?? [])
        #expect(key.isValid(signature: Base64.decode(signature.sig) ?? [], for: encoded))
      }
    }
  }

  @Test func `another verifier accepts every golden entry's envelope, and no changed one`()
    async throws
  {
    let golden = try Golden.load()
    let lines = golden.entries.map(\.line)
    let changed = lines.map {
      $0.replacing("\"sig\":\"", with: "\"sig\":\"AAAA", maxReplacements: 1)
    }

    let accepted = try await verdicts(on: lines + changed, by: golden.keys)

    #expect(accepted.count == 2 * lines.count)
    for (entry, keyids) in zip(golden.entries, accepted) {
      #expect(keyids == entry.signatures.map(\.keyid).sorted())
    }
    #expect(Array(accepted.dropFirst(lines.count)) == lines.map { _ in [] })
  }

  private func verdicts(on lines: [String], by keys: [Golden.Key]) async throws -> [[String]] {
    struct Question: Encodable {
      let keys: [[String: String]]
      let envelopes: [String]
    }
    let question = Question(
      keys: keys.map { ["keyid": $0.keyid, "public": String($0.spki.suffix(64))] },
      envelopes: lines)
    let script = Bundle.module.bundlePath + "/Fixtures/dsse_verify.py"
    let answer = try await TestProgram.python([script], input: JSONEncoder().encode(question))
    return try JSONDecoder().decode([[String]].self, from: answer.output)
  }
}
