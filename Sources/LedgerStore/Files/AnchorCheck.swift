import CanonicalJSON
import TransparencyLog

/// Compares the anchor with the database that stands beside it.
struct AnchorCheck {
  private let slot: AnchorSlot?
  private let path: String
  private let exists: Bool
  private let missingLog: String?

  /// - Parameters:
  ///   - exists: Whether there is a file at all.
  ///   - missingLog: Where the database's log should be, when it is not there or is empty.
  init(_ slot: AnchorSlot?, path: String, exists: Bool, missingLog: String? = nil) {
    self.slot = slot
    self.path = path
    self.exists = exists
    self.missingLog = missingLog
  }

  /// Why the ledger must not be used, if it must not: the anchor is missing or invalid beside
  /// entries, has seen more of them than there are, or other ones.
  func refusal(by state: LedgerState) throws -> LedgerError? {
    guard state.size > 0 || slot != nil else { return nil }
    guard let slot else {
      return exists
        ? .anchorInvalid(path: path, size: state.size)
        : .anchorMissing(path: path, size: state.size)
    }
    guard let note = try? SignedNote(parsing: slot.note),
      let checkpoint = try? Checkpoint(parsing: note.text)
    else { return .anchorInvalid(path: path, size: state.size) }
    guard checkpoint.size <= state.size else {
      if let missingLog {
        return .logMissing(path: missingLog, anchored: checkpoint.size, size: state.size)
      }
      return .anchorAhead(path: path, anchored: checkpoint.size, size: state.size)
    }
    return try disagreement(note, checkpoint, state)
  }

  private func disagreement(
    _ note: SignedNote, _ checkpoint: Checkpoint, _ state: LedgerState
  ) throws -> LedgerError? {
    guard try state.custody.isSigned(note, as: checkpoint) else {
      return .anchorInvalid(path: path, size: state.size)
    }
    let actual = try state.tree.root(ofSize: checkpoint.size)
    guard actual == checkpoint.root else {
      return .anchorDisagrees(
        path: path, size: checkpoint.size, anchored: checkpoint.root, actual: actual)
    }
    return nil
  }
}
