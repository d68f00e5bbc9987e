import LedgerStore

/// One program that has the ledger open, as a command, an agent or a reader would.
final class SimulatedProcess {
  let number: Int32
  let ledger: Ledger
  /// A sync has failed in it: it may refuse to write any more, and must be replaced.
  var hasSeenFailedSync = false

  init(_ number: Int32, _ ledger: Ledger) {
    self.number = number
    self.ledger = ledger
  }
}
