import CanonicalJSON

/// The order of checks within one entry (FORMAT.md, "Entry"): the first that fails names the error.
enum CheckStep: Int, Comparable, Sendable {
  case line, header, id, origin, runs, body, clock, signatures, keyRules, seen, because, expects
  case versions, sealed, stored

  /// Whether an entry that is wrong here still does what it says to keys and retention: what is
  /// stored beside it, and the time on it, change nobody's authority.
  var leavesEffect: Bool { self == .clock || self >= .sealed }

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// An error and the step that found it.
struct StepError: Sendable {
  let step: CheckStep
  let error: VerificationError
}

/// What mathematics says of one signature; whether its key was valid is decided in order.
struct SignatureFacts: Sendable {
  let keyid: Digest
  let bytes: [UInt8]
  /// Nil when the key was not known to the task that looked.
  let verifies: Bool?
}

/// A sealed value that the vault could not open.
struct UnopenedValue: Sendable {
  let position: Int
  let event: Int
  let pointer: String
  let subject: Identifier
}

/// All that is kept of an entry between the task that read its bytes and the rules that need the
/// entries before it: compact, so that a million of them can pass through little memory.
struct EntryFacts: Sendable {
  let position: Int
  let leaf: Digest
  /// Nil when the line or the header cannot be read.
  var header: HeaderForm?
  /// The log's clock, microseconds since 1970.
  var recorded: Int64 = 0
  var signatures: [SignatureFacts] = []
  /// What the signatures are over; kept only when one of them was not checked yet.
  var message: [UInt8] = []
  var findings: [StepError] = []
  var eventCount = 0
  /// Of the known kinds; nil when all are unknown.
  var retention: RetentionClass?
  /// Kinds of other families that this program does not know.
  var unknownKinds: [String] = []
  /// A governing kind that it does not know: verification stops here.
  var stopsAtKind: String?
  var isLate = false
  var bodyIsMissing = false
  /// Decoded data of the governing kinds, by run, in order; empty when the body is not to be had.
  var governing: [GoverningEvent] = []
  var unopened: [UnopenedValue] = []
  var sealedOpened = 0
  var sealedNotReadable = 0
  var storedRunCount = 0

  init(position: Int, leaf: Digest) {
    self.position = position
    self.leaf = leaf
  }

  mutating func find(_ step: CheckStep, _ error: VerificationError) {
    findings.append(StepError(step: step, error: error))
  }
}
