import CanonicalJSON
import Events

/// Where the ledger is not what it was said to be: what a simulation looks for.
package enum Deviation: Error, Hashable {
  /// Fewer entries than were acknowledged, or than were seen since the power was last gone.
  case entriesLost(size: Int, known: Int)
  /// Another entry, signature or time than before.
  case entryChanged(position: Int)
  /// An entry that nobody has tried to append there.
  case entryInvented(position: Int)
  /// A batch of which only a part is there.
  case batchHalved(position: Int)
  case rootWrong(size: Int, expected: Digest, actual: Digest)
  case checkpointMissing(size: Int)
  case receiptWrong(position: Int, detail: String)
  case verdictWrong(expected: String, actual: String)
  /// Nothing was wrong, and the ledger did not do it.
  case refused(action: String, error: String)
  /// An anchor ahead or missing, or a database older than it, and the ledger opened.
  case restoreUnnoticed(size: Int, of: Int)
  case anchorBehind(anchored: Int, size: Int)
  case valueLost(position: Int)
  /// The second implementation of the format says so.
  case unsound(findings: [String])
}

extension Deviation: CustomStringConvertible {
  package var description: String {
    switch self {
    case .entriesLost(let size, let known):
      "entries were lost: \(size) are there, \(known) were known"
    case .entryChanged(let position): "entry \(position) is not what it was"
    case .entryInvented(let position): "nobody appended what stands at \(position)"
    case .batchHalved(let position): "the batch that begins at \(position) is there in part"
    case .rootWrong(let size, let expected, let actual):
      "the root of \(size) entries is \(actual.hex), not \(expected.hex)"
    case .checkpointMissing(let size): "there is no checkpoint of \(size) entries"
    case .receiptWrong(let position, let detail): "the receipt for \(position) is wrong: \(detail)"
    case .verdictWrong(let expected, let actual): "an append was \(actual), not \(expected)"
    case .refused(let action, let error): "\(action) failed without a reason: \(error)"
    case .restoreUnnoticed(let size, let of): "\(size) of \(of) entries opened as if none missed"
    case .anchorBehind(let anchored, let size):
      "after a proper end the anchor has seen \(anchored) of \(size) entries"
    case .valueLost(let position): "the personal value of entry \(position) does not open"
    case .unsound(let findings): "verification found \(findings.joined(separator: "; "))"
    }
  }
}
