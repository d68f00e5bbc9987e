import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import TestKit
import Testing
import TransparencyLog

/// What an independent implementation says a ledger's bytes are.
@Suite struct GoldenLedgerTests {
  @Test func `every line, leaf, root and checkpoint is the golden one`() throws {
    let store = try GoldenStore(entries: 0)

    for entry in store.golden.entries {
      store.time.set(try Timestamp(parsing: entry.recorded))
      let receipt = try store.ledger.append(store.golden.envelope(entry))

      #expect(receipt.extra == Array(entry.line.utf8), "\(entry.label)")
      #expect(receipt.note.serialized == entry.checkpointAfter)
      let stored = try store.ledger.read { try $0.entry(at: entry.position) }
      #expect(stored.line.text == entry.line)
      #expect(stored.header == Array(entry.header.utf8))
      #expect(stored.body == Array(entry.body.utf8))
      let head = try store.ledger.head()
      #expect(head.size == entry.position + 1)
      #expect(head.root.hex == entry.rootAfter)
      #expect(head.checkpoint?.serialized == entry.checkpointAfter)
      #expect(head.recorded?.description == entry.recorded)
      #expect(head.origin?.description == store.golden.origin)
    }
  }

  @Test func `receipts are the golden ones byte for byte`() throws {
    let store = try GoldenStore()
    let golden = store.golden.receipt

    let receipt = try store.ledger.read { try $0.receipt(for: golden.position) }

    let expected = try Receipt(parsing: golden.text)
    #expect(receipt.extra == expected.extra)
    #expect(receipt.index == expected.index)
    #expect(receipt.hashes == expected.hashes)
    #expect(receipt.note.text == expected.note.text)
    #expect(expected.note.signatures.starts(with: receipt.note.signatures))
  }

  @Test func `inclusion and consistency proofs are the golden ones`() throws {
    let store = try GoldenStore()

    for proof in store.golden.proofs.inclusion {
      let made = try store.ledger.read { try $0.inclusion(of: proof.position, inSize: proof.size) }
      #expect(made.hashes.map(\.hex) == proof.path)
    }
    for proof in store.golden.proofs.consistency {
      let made = try store.ledger.read { try $0.consistency(from: proof.from, to: proof.to) }
      #expect(made.hashes.map(\.hex) == proof.path)
    }
  }
}
