import CanonicalJSON
import Events
import LedgerStore
import TestKit

/// A ledger to begin a history with, made once: creating one takes longer than most histories.
package final class Founding {
  static let origin = TemporaryLedger.originText

  let image: SimulatedDisk.Image
  let entries: [(entry: KnownEntry, leaf: Digest)]
  let time: Timestamp

  /// - Parameter snapshotBytes: Written besides, so that the log of writes is nearly due to be
  ///   copied back.
  init(snapshotBytes: Int) throws {
    let history = try History(seed: 0, founding: nil, options: Simulation.Options())
    if let process = history.machine.processes.first, snapshotBytes > 0 {
      try process.ledger.store(
        Snapshot(
          name: "state", revision: 1, size: 1,
          bytes: [UInt8](repeating: 1, count: snapshotBytes)))
    }
    for process in history.machine.processes { try history.stop(process) }
    image = history.machine.disk.image()
    entries = Array(zip(history.reference.entries, history.reference.tree.leaves))
    time = history.machine.time.now()
  }
}

extension History {
  /// Makes the ledger and its first entry.
  func found() throws {
    let process = try machine.startCreating()
    try append([author.genesis()], by: process)
    guard reference.size == 1 else {
      throw Deviation.refused(action: "genesis", error: "nothing was recorded")
    }
  }
}
