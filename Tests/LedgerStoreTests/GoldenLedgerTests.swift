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

  @Test func `an append's receipt is the golden one byte for byte`() throws {
    let store = try GoldenStore(entries: 4)
    let golden = store.golden.receipt
    let entry = store.golden.entries[golden.position]
    store.time.set(try Timestamp(parsing: entry.recorded))

    let receipt = try store.ledger.append(store.golden.envelope(entry))

    #expect(receipt.serialized == golden.text)
    #expect(try store.ledger.read { try $0.receipt(for: golden.position) } == receipt)
  }

  @Test func `a later receipt proves the same entry to the newest checkpoint`() throws {
    let store = try GoldenStore()
    let last = try #require(store.golden.entries.last)

    for entry in store.golden.entries {
      let receipt = try store.ledger.read { try $0.receipt(for: entry.position) }
      let checkpoint = try Checkpoint(parsing: receipt.note.text)
      #expect(receipt.note.serialized == last.checkpointAfter)
      #expect(
        receipt.inclusionProof(under: checkpoint).isValid(
          leafHash: try #require(Digest(hex: entry.leafHash)), root: checkpoint.root,
          using: TestHashing()))
    }
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

/// SHA-256 for checking proofs.
struct TestHashing: TreeHashing {
  func digest(_ data: UnsafeRawBufferPointer) -> Digest { Digest(bytes: SHA256.hash(data)) }

  func leaf(_ data: UnsafeRawBufferPointer) -> Digest { digest([0] + Array(data)) }

  func node(_ left: Digest, _ right: Digest) -> Digest { digest([1] + left.bytes + right.bytes) }
}
