import LedgerStore

/// What goes wrong during one call of a process, and when.
///
/// `after` counts the operations on the disk that still succeed.
enum Interruption: Hashable {
  /// SIGKILL in the middle of an operation on the disk.
  case kill(after: Int)
  /// SIGKILL between two steps of a write.
  case killAt(WritePoint)
  /// The power goes in the middle of an operation on the disk.
  case powerOff(after: Int)
  case powerOffAt(WritePoint)
  /// Nothing can be written from then on.
  case full(after: Int)
  /// One sync fails.
  case syncFails(after: Int)
}

extension Interruption {
  /// A single append has about 40 operations; some interruptions come too late.
  private static let operationsMax = 50
  private static let syncsMax = 3

  static func any(_ chance: Chance) -> Interruption {
    let point = WritePoint.allCases[chance.below(WritePoint.allCases.count)]
    let after = chance.below(operationsMax)
    return chance.pick([
      (4, .kill(after: after)), (3, .killAt(point)), (5, .powerOff(after: after)),
      (3, .powerOffAt(point)), (2, .full(after: after)),
      (3, .syncFails(after: chance.below(syncsMax))),
    ])
  }
}
