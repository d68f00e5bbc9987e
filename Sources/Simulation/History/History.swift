import CanonicalJSON
import Events
import LedgerStore
import TestKit
import TransparencyLog

/// One history: a machine, what its ledger must hold, and what happens to it, all from one seed.
///
/// Whoever sees something else than the reference throws a ``Deviation``.
final class History {
  let machine: Machine
  let reference: ReferenceLedger
  let chance: Chance
  let author: Author
  let plant: PlantedBug?
  /// Signed, and not yet appended.
  var held: [Attempt] = []
  var copies: [Copy] = []
  /// What a reader saw in the middle of somebody else's write.
  private var seenMeanwhile: (any Error)?
  private var isLooking = false

  private static let processesMax = 3

  /// - Parameter founding: A ledger to begin with; nil begins with its creation.
  init(seed: UInt64, founding: Founding?, options: Simulation.Options) throws {
    chance = Chance(seed: seed)
    plant = options.plant
    machine = try Machine(
      seed: chance.draw(), image: founding?.image, trace: Trace(), options: options)
    reference = ReferenceLedger(origin: try Origin(parsing: Founding.origin))
    author = Author(reference: reference, time: machine.time, random: machine.random)
    if let founding {
      machine.time.set(founding.time)
      for entry in founding.entries { reference.append(entry.entry, leaf: entry.leaf) }
      reference.acknowledgeAll()
    } else {
      try found()
    }
  }

  /// Takes `steps` steps, then mends everything and looks whether the ledger still works.
  func run(steps: Int) throws {
    for _ in 0..<steps {
      let step = Step.any(chance)
      machine.trace.note("step \(step.rawValue)")
      machine.time.advance(milliseconds: 1 + chance.below(50))
      try take(step)
      settleDeaths()
    }
    try finish()
  }

  private func take(_ step: Step) throws {
    switch step {
    case .append: try append([health()])
    case .appendBatch: try append(batch())
    case .appendValue: try append([author.approval(seeing: seen())])
    case .appendForged: try append([author.forged(seeing: seen()), health()])
    case .hold: held.append(try health())
    case .appendHeld: if !held.isEmpty { try append([held.removeFirst()]) }
    case .retry: if let batch = chance.pick(reference.unsettled) { try append(batch) }
    case .look: if let process = chance.pick(machine.processes) { try look(process) }
    case .start: try start()
    case .startInterrupted: try start(interruption: .any(chance))
    case .stop: if let process = chance.pick(machine.processes) { try stop(process) }
    case .appendInterrupted: try append(anyBatch(), interruption: .any(chance))
    case .kill: if let process = chance.pick(machine.processes) { machine.kill(process.number) }
    case .powerOff: machine.powerOff()
    case .turnClock: turnClock()
    case .storeSnapshot: try storeSnapshot()
    case .syncAnchor: syncAnchor()
    case .copy: try takeCopy()
    case .restore: try restore()
    }
  }

  func settleDeaths() {
    if machine.bury() { reference.powerWasLost() }
  }
}

// What is appended.
extension History {
  /// A size that a signer may have verified.
  private func seen() -> Int { max(1, reference.size - chance.below(3)) }

  private func environment() -> EnvironmentName {
    chance.pick(Author.environments) ?? "production"
  }

  func health() throws -> Attempt {
    try author.health(1 + chance.below(3), in: environment(), seeing: seen())
  }

  /// Two to four entries of one stream, one after the other; sometimes one among them is forged.
  private func batch() throws -> [Attempt] {
    let environment = environment()
    var batch = try (0..<2 + chance.below(3)).map {
      try author.health(1, in: environment, ahead: $0, seeing: seen())
    }
    if chance.happens(onceIn: 3) { batch.append(try author.forged(seeing: seen())) }
    return batch
  }

  private func anyBatch() throws -> [Attempt] {
    switch chance.below(4) {
    case 0: try batch()
    case 1: [try author.approval(seeing: seen())]
    default: [try health()]
    }
  }
}

// What programs do.
extension History {
  private func anyProcess() throws -> SimulatedProcess? {
    if machine.processes.isEmpty { try start() }
    return chance.pick(machine.processes)
  }

  /// Opens the ledger, which must succeed unless something goes wrong meanwhile.
  func start(interruption: Interruption? = nil) throws {
    if machine.processes.count == Self.processesMax { try stop(machine.processes[0]) }
    machine.interruption = interruption
    let outcome = Result { try machine.start() }
    machine.interruption = nil
    switch outcome {
    case .success(let process): try look(process, fully: true)
    case .failure(let error): try excuse(error, interruption, machine.started, "opening")
    }
  }

  func stop(_ process: SimulatedProcess) throws {
    do { try machine.stop(process) } catch {
      if process.hasSeenFailedSync { return }
      throw Deviation.refused(action: "closing", error: "\(error)")
    }
  }

  /// An error needs a reason: the process was ended, or its disk failed.
  private func excuse(
    _ error: any Error, _ interruption: Interruption?, _ process: Int32, _ action: String
  ) throws {
    if error is Deviation { throw error }
    machine.trace.note("\(action) fails")
    guard machine.isAlive(process) else { return }
    switch interruption {
    case .full, .syncFails: return
    case nil, .kill, .killAt, .powerOff, .powerOffAt:
      let isTainted = machine.processes.contains { $0.number == process && $0.hasSeenFailedSync }
      guard isTainted else { throw Deviation.refused(action: action, error: "\(error)") }
    }
  }

  func append(_ batch: [Attempt], interruption: Interruption? = nil) throws {
    guard let process = try anyProcess() else { return }
    try append(batch, by: process, interruption: interruption)
  }

  func append(
    _ batch: [Attempt], by process: SimulatedProcess, interruption: Interruption? = nil
  ) throws {
    // What nobody got an answer for may stand there by now.
    if !reference.unsettled.isEmpty { try look(process) }
    let verdicts = reference.verdicts(on: batch, at: machine.time.now())
    let promised = try promises(batch, verdicts)
    reference.leaveOpen(batch, verdicts)
    let outcome = perform(batch, by: process, interruption)
    if let seenMeanwhile { throw seenMeanwhile }
    if let promised { return try reference.settle(batch, verdicts, promised) }
    switch outcome {
    case .success(let results):
      guard machine.isAlive(process.number) else { return }
      machine.trace.note("appended \(verdicts)")
      try reference.settle(batch, verdicts, results)
      try spoil()
    case .failure(let error):
      try excuse(error, interruption, process.number, "an append")
      if machine.isAlive(process.number) { try look(process) }
    }
  }

  private func perform(
    _ batch: [Attempt], by process: SimulatedProcess, _ interruption: Interruption?
  ) -> Result<[Result<Receipt, AppendError>], any Error> {
    machine.disk.setProcess(process.number)  // The vault is opened on its first use.
    machine.interruption = interruption
    machine.meanwhile = { [unowned self] in lookMeanwhile($0) }
    defer {
      machine.interruption = nil
      machine.meanwhile = { _ in }
    }
    return Result { try process.ledger.append(batch.map(\.envelope)) }
  }

  /// Snapshots are large: with them the log of writes is copied back now and then.
  private func storeSnapshot() throws {
    guard let process = try anyProcess() else { return }
    let bytes = [UInt8](repeating: 7, count: 50_000 * (1 + chance.below(8)))
    let interruption = chance.happens(onceIn: 3) ? Interruption.any(chance) : nil
    machine.interruption = interruption
    defer { machine.interruption = nil }
    do {
      try process.ledger.store(
        Snapshot(name: "state", revision: 1, size: reference.size, bytes: bytes))
    } catch { try excuse(error, interruption, process.number, "storing a snapshot") }
  }

  /// What processes do beside their calls; their later calls tell of its failures.
  private func syncAnchor() {
    machine.interruption = chance.happens(onceIn: 4) ? .any(chance) : nil
    machine.runLater()
    machine.interruption = nil
  }

  private func turnClock() {
    let milliseconds = chance.pick([
      (weight: 3, choice: 90_000), (2, 20 * 60_000), (1, 26 * 3_600_000), (3, -700), (1, -40_000),
    ])
    machine.trace.note("clock \(milliseconds)")
    machine.time.advance(milliseconds: milliseconds)
  }
}

// What readers see.
extension History {
  func look(_ process: SimulatedProcess, fully: Bool = false) throws {
    let first = fully ? 0 : max(0, reference.size - 3)
    do {
      let (head, newest) = try process.ledger.read { reader in
        let head = try reader.head()
        return (head, try (min(first, head.size)..<head.size).map { try reader.entry(at: $0) })
      }
      try reference.compare(head, newest)
      machine.trace.note("\(process.number) sees \(head.size) \(head.root.hex)")
    } catch {
      guard machine.isAlive(process.number) else { return }
      if error is Deviation { throw error }
      throw Deviation.refused(action: "a look", error: "\(error)")
    }
  }

  /// Another process reads in the middle of an operation of `writer`.
  private func lookMeanwhile(_ writer: Int32) {
    guard !isLooking, seenMeanwhile == nil, chance.happens(onceIn: 12) else { return }
    let others = machine.processes.filter {
      $0.number != writer && machine.isAlive($0.number)
    }
    guard let other = chance.pick(others) else { return }
    isLooking = true
    defer { isLooking = false }
    do { try look(other) } catch { seenMeanwhile = error }
  }
}

// Planted bugs that work beside an append.
extension History {
  private func promises(
    _ batch: [Attempt], _ verdicts: [Verdict]
  ) throws -> [Result<Receipt, AppendError>]? {
    guard plant == .earlyAcknowledgement, batch.count == 1, case .recorded = verdicts[0] else {
      return nil
    }
    let client = HastyClient(reference: reference, now: machine.time.now())
    return [.success(try client.receipt(for: batch[0]))]
  }

  private func spoil() throws {
    let rows = AlteredRows(of: machine.path + "/ledger.sqlite")
    machine.disk.setProcess(0)
    switch plant {
    case .wrongFrontier: if chance.happens(onceIn: 3) { try rows.spoilNewestLeaf() }
    case .reusedPosition: if chance.happens(onceIn: 3) { try rows.removeNewestEntry() }
    case nil, .skippedSync, .earlyAcknowledgement, .forgottenAnchor: break
    }
  }
}
