import CanonicalJSON
import LedgerStore

/// The files as they were once, for an operator to put back.
struct Copy {
  let image: SimulatedDisk.Image
  let size: Int
  let root: Digest
}

// Copies put back, with the anchor that knows better.
extension History {
  private static let copiesMax = 3
  private static let anchor = ["/anchor"]
  private static let database = ["/ledger.sqlite", "/ledger.sqlite-wal"]

  /// What a copy holds is read in the copy, as `stele backup` does: of an append that nobody got
  /// an answer for, it may have what the running processes do not see.
  func takeCopy() throws {
    let image = machine.disk.image()
    let elsewhere = try Machine(
      seed: 0, image: image, trace: Trace(), options: Simulation.Options())
    let head = try elsewhere.start(for: .reading).ledger.head()
    if copies.count == Self.copiesMax { copies.removeFirst() }
    copies.append(Copy(image: image, size: head.size, root: head.root))
  }

  /// An older copy of the database beside a newer anchor is refused, and so is a ledger without its
  /// anchor; an anchor that lags is not. Then the newer files come back, or entries are given up.
  func restore() throws {
    let older = copies.filter {
      $0.size < reference.size && reference.root(ofSize: $0.size) == $0.root
    }
    guard let copy = chance.pick(older) else { return }
    try endProperly()
    let newest = machine.disk.image()
    switch chance.below(4) {
    case 0: try loseAnchor(and: newest)
    case 1: putBack(copy.image, Self.anchor)
    case 2:
      putBack(copy.image, Self.database)
      try expectRefusal(of: copy.size)
      putBack(newest, Self.database)
    default:
      putBack(copy.image, Self.database)
      try expectRefusal(of: copy.size)
      try startIncarnation(after: copy.size)
    }
    try start()
  }

  /// Every process ends as it should, the last after the anchor has caught up.
  func endProperly() throws {
    try start()
    for process in machine.processes { try stop(process) }
    settleDeaths()
    try expectAnchor()
  }

  private func putBack(_ image: SimulatedDisk.Image, _ files: [String]) {
    machine.trace.note("put back \(files)")
    for file in files { machine.disk.restore(image, filesEndingIn: file) }
  }

  private func loseAnchor(and newest: SimulatedDisk.Image) throws {
    machine.trace.note("lose the anchor")
    for file in Self.anchor { machine.disk.remove(filesEndingIn: file) }
    try expectRefusal(of: reference.size)
    putBack(newest, Self.anchor)
  }

  private func expectRefusal(of size: Int) throws {
    for purpose in [Ledger.Purpose.reading, .appending] {
      do { _ = try machine.start(for: purpose) } catch is LedgerError { continue }
      throw Deviation.restoreUnnoticed(size: size, of: reference.size)
    }
  }

  /// Nothing but the incarnation is accepted, and everything after it. It is refused like any entry
  /// while the clock is behind what is left; then the operator does as the refusal says.
  private func startIncarnation(after size: Int) throws {
    reference.giveUp(beyond: size)
    copies = []
    held = []
    let process = try machine.start(for: .startingIncarnation)
    try expectNothingRecorded(by: process)
    try append([author.incarnation()], by: process)
    if reference.size == size, machine.setClockRight(after: reference.entries.last?.recorded) {
      try append([author.incarnation()], by: process)
    }
    guard reference.size == size + 1 else {
      throw Deviation.refused(action: "an incarnation", error: "nothing was recorded")
    }
  }

  /// An ordinary entry is refused: by the anchor, or for a reason of its own.
  private func expectNothingRecorded(by process: SimulatedProcess) throws {
    do {
      guard case .failure = try process.ledger.append([health().envelope])[0] else {
        throw Deviation.restoreUnnoticed(size: reference.size, of: reference.size)
      }
    } catch is LedgerError {}
  }
}
