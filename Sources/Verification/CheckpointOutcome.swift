import CanonicalJSON
import TransparencyLog

/// SHA-256 of swift-crypto, as the tree's mathematics asks for it.
struct CryptoHashing: TreeHashing {
  func digest(_ data: UnsafeRawBufferPointer) -> Digest { Hashing.sha256(data) }
  func leaf(_ data: UnsafeRawBufferPointer) -> Digest { Hashing.leaf(data) }
  func node(_ left: Digest, _ right: Digest) -> Digest { Hashing.node(left, right) }
}

/// What the log's own signatures say about the entries: the stored checkpoints, the anchor, and the
/// key that the caller knew.
struct CheckpointOutcome {
  private(set) var findings: [Finding] = []
  /// Checkpoints whose root and signature were compared.
  private(set) var compared = 0
  /// Of the newest one that is right.
  private(set) var size: Int?
  private(set) var trust = VerificationTrust.selfConsistent

  mutating func judge(
    _ contents: LedgerContents, _ rules: inout LedgerRules, pinned: String?
  ) throws(LedgerReadError) {
    for stored in contents.checkpoints {
      guard let checkpoint = try judge(stored.note, &rules) else { continue }
      size = max(size ?? 0, checkpoint.size)
      compare(stored, checkpoint, rules)
    }
    switch contents.anchor {
    case .notKept: break
    case .invalid(let reason): find(rules, .anchorForm(reason))
    case .note(let note): try judge(anchor: note, &rules)
    }
    if let pinned { judge(pinned: pinned, rules) }
  }

  private mutating func judge(
    anchor note: String, _ rules: inout LedgerRules
  ) throws(LedgerReadError) {
    let entries = rules.tree.size
    guard let signed = try? SignedNote(parsing: note),
      let checkpoint = try? Checkpoint(parsing: signed.text), checkpoint.size > entries
    else {
      _ = try judge(note, &rules)
      return
    }
    // Whoever writes that file may claim anything. A key that came with what was lost is not known
    // here either, so an anchor of it is doubted too.
    let isKnown = rules.keys.records.values.contains { record in
      record.role == .log
        && CheckpointOutcome.isSigned(signed, checkpoint.origin, by: record.key)
    }
    find(
      rules,
      isKnown
        ? .anchorAhead(size: checkpoint.size, entries: entries)
        : .checkpointSignature(size: checkpoint.size, keyid: nil))
  }

  /// - Returns: the checkpoint if nothing is wrong with it.
  private mutating func judge(
    _ text: String, _ rules: inout LedgerRules
  ) throws(LedgerReadError) -> Checkpoint? {
    let note: SignedNote
    let checkpoint: Checkpoint
    do throws(NoteError) {
      note = try SignedNote(parsing: text)
      checkpoint = try Checkpoint(parsing: note.text)
    } catch {
      find(rules, .checkpointForm(error.description))
      return nil
    }
    let root = try rules.root(at: checkpoint.size)
    if let error = CheckpointOutcome.error(checkpoint, root: root, note, rules) {
      find(rules, error)
      return nil
    }
    compared += 1
    return checkpoint
  }

  private mutating func compare(
    _ stored: StoredCheckpoint, _ checkpoint: Checkpoint, _ rules: LedgerRules
  ) {
    let witnessed = (try? SignedNote(parsing: stored.note)).map { $0.signatures.count > 1 ? 1 : 0 }
    let rowSize = stored.size ?? checkpoint.size
    guard rowSize != checkpoint.size || stored.witnessed ?? witnessed != witnessed else {
      return
    }
    find(rules, .checkpointStored(size: checkpoint.size, stored: rowSize))
  }

  /// - Parameter root: of the tree at its size; nil where only the tree is known.
  private static func error(
    _ checkpoint: Checkpoint, root: Digest?, _ note: SignedNote, _ rules: LedgerRules
  ) -> VerificationError? {
    let size = checkpoint.size
    guard (1...max(rules.tree.size, 1)).contains(size), rules.tree.size > 0 else {
      return .checkpointSize(signed: size, entries: rules.tree.size)
    }
    let origin = rules.incarnations.last { $0.position < size }?.origin
    if let origin, checkpoint.origin != origin.description {
      return .checkpointOrigin(named: checkpoint.origin, valid: origin)
    }
    if let root, root != checkpoint.root {
      return .checkpointRoot(size: size, signed: checkpoint.root, derived: root)
    }
    let key = rules.keys.logKey(at: size - 1)
    guard let key, isSigned(note, checkpoint.origin, by: key.key) else {
      return .checkpointSignature(size: size, keyid: key?.key.keyid)
    }
    return falseWitness(of: note, rules).map { .checkpointSignature(size: size, keyid: $0) }
  }

  /// The registered witness under whose name and key ID there is a cosignature that is not its own.
  private static func falseWitness(of note: SignedNote, _ rules: LedgerRules) -> Digest? {
    for witness in rules.keys.records.values where witness.role == .witness {
      for signature in note.signatures {
        let key = try? VerifierKey(
          name: signature.name, algorithm: .cosignature, key: witness.key.raw,
          using: CryptoHashing())
        let signers = key.flatMap { key in
          try? note.signers(among: [key]) { witness.key.verifies($1, $2) }
        }
        if signers == nil { return witness.key.keyid }
      }
    }
    return nil
  }

  /// Whether `note` has a valid signature under `name` by `key`.
  static func isSigned(_ note: SignedNote, _ name: String, by key: VerificationKey) -> Bool {
    guard
      let verifier = try? VerifierKey(
        name: name, algorithm: .ed25519, key: key.raw, using: CryptoHashing())
    else { return false }
    let signers = try? note.signers(among: [verifier]) { _, signature, message in
      key.verifies(signature, message)
    }
    return !(signers ?? []).isEmpty
  }

  /// A key that the caller knew leads through every rotation and incarnation, because each of them
  /// is an entry: it is enough that it was this log's at some time, under one of its origins.
  private mutating func judge(pinned text: String, _ rules: LedgerRules) {
    if let pinned = try? VerifierKey(parsing: text, using: CryptoHashing()),
      pinned.algorithm == .ed25519, rules.keys.wasLogKey(pinned.key),
      rules.incarnations.contains(where: { $0.origin.description == pinned.name })
    {
      trust = .pinned(vkey: text)
    } else {
      find(rules, .pinUnknown(vkey: text))
    }
  }

  private mutating func find(_ rules: LedgerRules, _ error: VerificationError) {
    findings.append(Finding(position: rules.tree.size, error: error))
  }
}
