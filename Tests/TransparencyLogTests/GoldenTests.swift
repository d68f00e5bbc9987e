import CanonicalJSON
import Cryptography
import Testing
import TransparencyLog

/// The golden ledger's tree, checkpoints and receipt, which an independent implementation made.
@Suite struct GoldenTests {
  let golden: Golden

  init() throws { golden = try Golden.load() }

  @Test func `every leaf and root is the golden one`() throws {
    let tree = golden.tree

    for entry in golden.entries {
      #expect(try tree.hash(level: 0, index: entry.position).hex == entry.leafHash)
      #expect(tree.roots[entry.position + 1].hex == entry.rootAfter)
    }
  }

  @Test func `every inclusion proof is the golden one, and holds`() throws {
    let tree = golden.tree

    #expect(golden.proofs.inclusion.count == 3)
    for expected in golden.proofs.inclusion {
      let proof = try tree.inclusionProof(of: expected.position, size: expected.size)
      #expect(proof.hashes.map(\.hex) == expected.path)
      let leafHash = try #require(Digest(hex: expected.leafHash))
      #expect(proof.root(fromLeafHash: leafHash, using: hasher)?.hex == expected.root)
    }
  }

  @Test func `every consistency proof is the golden one, and holds`() throws {
    let tree = golden.tree

    #expect(golden.proofs.consistency.count == 3)
    for expected in golden.proofs.consistency {
      let proof = try tree.consistencyProof(from: expected.from, to: expected.to)
      #expect(proof.hashes.map(\.hex) == expected.path)
      let from = try #require(Digest(hex: expected.rootFrom))
      let to = try #require(Digest(hex: expected.rootTo))
      #expect(proof.isValid(fromRoot: from, toRoot: to, using: hasher))
    }
  }

  @Test func `every checkpoint is the golden text, signed by the log's key of its time`() throws {
    let keys = [try golden.verifierKey(named: "log"), try golden.verifierKey(named: "newlog")]

    for entry in golden.entries {
      let note = try SignedNote(parsing: entry.checkpointAfter)
      let checkpoint = try Checkpoint(
        origin: golden.origin, size: entry.position + 1,
        root: try #require(Digest(hex: entry.rootAfter)))

      #expect(note.text == checkpoint.text)
      #expect(try Checkpoint(parsing: note.text) == checkpoint)
      #expect(note.serialized == entry.checkpointAfter)
      #expect(try note.signers(among: keys, checking: isValidEd25519).count == 1)
    }
  }

  @Test func `the witness's word on the last checkpoint is known and dated`() throws {
    let note = try SignedNote(parsing: Array(golden.witnessedCheckpoint.utf8))
    let witness = try golden.verifierKey(named: "witness")
    let logs = [try golden.verifierKey(named: "log"), try golden.verifierKey(named: "newlog")]

    let verified = try note.signers(among: logs + [witness], checking: isValidEd25519)

    #expect(verified.map(\.key) == [logs[0], witness])
    #expect(verified.map(\.time) == [nil, 1_798_762_000])
    #expect(note.serialized == golden.witnessedCheckpoint)
  }

  @Test func `the receipt proves its entry offline`() throws {
    let receipt = try Receipt(parsing: Array(golden.receipt.text.utf8))
    let checkpoint = try Checkpoint(parsing: receipt.note.text)
    let line = try #require(receipt.extra)

    #expect(receipt.serialized == golden.receipt.text)
    #expect(receipt.index == golden.receipt.position)
    #expect(line == Array(golden.entries[receipt.index].line.utf8))
    try receipt.note.requireSignature(
      by: golden.verifierKey(named: "log"), checking: isValidEd25519)
    let proof = receipt.inclusionProof(under: checkpoint)
    #expect(proof.isValid(leafHash: hasher.leaf(line), root: checkpoint.root, using: hasher))
  }

  @Test func `no byte of the receipt can be changed unnoticed`() throws {
    let text = Array(golden.receipt.text.utf8)
    let key = try golden.verifierKey(named: "log")

    for index in text.indices {
      var changed = text
      changed[index] ^= 1
      #expect(!isProof(changed, key: key), "byte \(index)")
    }
  }

  /// What a client checks; the entry's own signatures apart.
  private func isProof(_ text: [UInt8], key: VerifierKey) -> Bool {
    do {
      let receipt = try Receipt(parsing: text)
      try receipt.note.requireSignature(by: key, checking: isValidEd25519)
      let checkpoint = try Checkpoint(parsing: receipt.note.text)
      return receipt.inclusionProof(under: checkpoint).isValid(
        leafHash: hasher.leaf(receipt.extra ?? []), root: checkpoint.root, using: hasher)
    } catch {
      return false
    }
  }
}

/// Ed25519 by libcrypto.
func isValidEd25519(key: [UInt8], signature: [UInt8], message: [UInt8]) -> Bool {
  guard let key = try? PublicKey(raw: key) else { return false }
  return key.isValid(signature: signature, for: message)
}
