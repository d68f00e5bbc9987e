import Events
import LedgerStore

/// An entry that somebody has signed and wants recorded, and what is to be known of it.
struct Attempt {
  let envelope: SignedEnvelope
  let header: EntryHeader
  /// The signature is not the key's.
  var isForged = false

  var id: EntryID { header.entry }
}

/// What must become of an attempt.
enum Verdict: Hashable {
  case recorded(at: Int)
  /// It stands there already, and its signer gets a receipt again.
  case repeated(at: Int)
  case refused

  var position: Int? {
    switch self {
    case .recorded(let position), .repeated(let position): position
    case .refused: nil
    }
  }
}

/// An entry that is known to stand in the ledger.
struct KnownEntry {
  let header: EntryHeader
  let headerBytes: [UInt8]
  let recorded: Timestamp
  let sealed: [SealedValue]

  init(_ attempt: Attempt, recorded: Timestamp) {
    header = attempt.header
    headerBytes = attempt.envelope.header
    sealed = attempt.envelope.sealed
    self.recorded = recorded
  }
}
