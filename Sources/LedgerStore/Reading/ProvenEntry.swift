import CanonicalJSON
import Events
import TransparencyLog

/// An entry that was read again and proven: only a reader makes one, see
/// ``LedgerReader/proven(at:)``.
package struct ProvenEntry: Hashable, Sendable {
  package let position: Int
  package let header: EntryHeader
  package let events: [Recorded]
  /// Positions at which the keys that signed it were registered.
  let registrations: Set<Int>

  /// - Precondition: Its line and body have been checked.
  fileprivate init(_ stored: StoredEntry, _ custody: LedgerCustody) throws {
    position = stored.position
    (header, events) = try stored.read()
    guard let body = stored.body else {
      throw LedgerError.notProven(position: position, detail: "its body was pruned")
    }
    let governing = try GoverningEvent.all(in: EntryBody(parsing: body), of: header)
    do {
      let signers = try Signers(
        stored.signatures,
        over: DSSE.pae(payloadType: EntryLine.payloadType, payload: stored.header),
        new: NewKey.all(in: governing), custody: custody, position: position)
      _ = try signers.rolesOfActor(header)
      registrations = Set(signers.keyids.compactMap { custody.keys[$0]?.registered })
    } catch {
      throw LedgerError.notProven(position: position, detail: error.clause)
    }
  }
}

extension LedgerReader {
  /// Reads entries again and proves each to the newest checkpoint, with the registrations of the
  /// keys that signed them: body to header, signatures to keys, line to tree, tree to log key.
  ///
  /// What a decision rests on is read this way before anything is done. Whoever can write the file
  /// and has no key can change none of it.
  ///
  /// - Returns: The entries at `positions`, ascending, without the registrations.
  /// - Throws: ``LedgerError/notProven(position:detail:)``; what ``entry(at:)`` throws.
  package func proven(at positions: Set<Int>) throws -> [ProvenEntry] {
    guard let last = positions.max() else { return [] }
    let checkpoint = try signedCheckpoint(covering: last)
    var proven: [Int: ProvenEntry] = [:]
    var open = positions
    while let position = open.popFirst() {
      let entry = try prove(position, under: checkpoint)
      proven[position] = entry
      open.formUnion(entry.registrations.filter { proven[$0] == nil })
    }
    return positions.sorted().compactMap { proven[$0] }
  }

  func signedCheckpoint(covering position: Int) throws -> Checkpoint {
    guard let note = try newestCheckpoint(), case let custody = try custody(),
      case let checkpoint = try Checkpoint(parsing: note.text), checkpoint.size > position,
      try custody.isSigned(note, as: checkpoint)
    else {
      throw LedgerError.notProven(
        position: position, detail: "no checkpoint with it is signed by the log's key")
    }
    return checkpoint
  }

  private func prove(_ position: Int, under checkpoint: Checkpoint) throws -> ProvenEntry {
    let stored = try entry(at: position)
    let hashing = LibcryptoHashing()
    let leaf = stored.line.bytes.withUnsafeBytes { hashing.leaf($0) }
    let proof = try inclusion(of: position, inSize: checkpoint.size)
    guard proof.isValid(leafHash: leaf, root: checkpoint.root, using: hashing) else {
      throw LedgerError.notProven(
        position: position,
        detail: "its line \(leaf.hex) is not in the tree of the newest checkpoint")
    }
    return try ProvenEntry(stored, custody())
  }
}
