import Events
import Foundation
import LedgerStore
import TestKit

/// A machine of the simulation: a disk, a clock, chance, and programs that share a ledger.
///
/// One thread runs all of it, so what happens between two operations on the disk is decided here
/// and nowhere else.
final class Machine {
  let directory: TemporaryDirectory
  let path: String
  let disk: SimulatedDisk
  let time: FixedTime
  let random: SeededRandom
  let secrets: LedgerSecrets
  let trace: Trace
  private(set) var processes: [SimulatedProcess] = []
  /// What goes wrong next; nil when nothing does, or when it has.
  var interruption: Interruption?
  /// Processes that were killed and still have connections.
  private var dead: Set<Int32> = []
  /// The number of the newest process, also of one whose start failed.
  private(set) var started: Int32 = 0
  private var hasLostPower = false
  /// Runs while a process is in the middle of an operation: others may read then.
  var meanwhile: (_ process: Int32) -> Void = { _ in }
  let plant: PlantedBug?
  /// Whether a sync that fails forgets what it should have written, as Linux does.
  let isForgetful: Bool
  /// What processes want to do soon, beside their calls.
  var later: [(process: Int32, work: @Sendable () -> Void)] = []

  init(
    seed: UInt64, image: SimulatedDisk.Image?, trace: Trace, options: Simulation.Options
  ) throws {
    directory = try TemporaryDirectory(in: Self.memory)
    path = directory.file(".stele")
    disk = try SimulatedDisk(directory: path, seed: seed, image: image)
    time = FixedTime(try Timestamp(parsing: TemporaryLedger.start))
    random = SeededRandom(seed: seed)
    secrets = LedgerSecrets(
      logKeys: [GoldenKey.log.signing], vaultKey: Array(repeating: 0x76, count: 32),
      snapshotKey: Array(repeating: 0x73, count: 32))
    self.trace = trace
    plant = options.plant
    isForgetful = options.isForgetful
    if image != nil { try makeNames() }
    disk.decide = { [unowned self] in decide($0) }
  }

  /// The programs end before their disk does.
  deinit {
    disk.decide = { _ in .done }
    processes = []
  }

  /// A file system in memory, where there is one: the real files hold nothing that matters.
  private static var memory: String {
    let shared = "/dev/shm"
    return FileManager.default.isWritableFile(atPath: shared)
      ? shared : FileManager.default.temporaryDirectory.path
  }

  /// The names that the ledger looks for; what they hold is on the simulated disk.
  private func makeNames() throws {
    let own: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: own)
    for name in ["ledger.sqlite", "ledger.sqlite-wal", "vault.sqlite", "vault-keys.sqlite"] {
      let file = path + "/" + name
      try Data().write(to: URL(fileURLWithPath: file))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    }
  }

  var anchorPath: String { path + "/anchor" }

  /// A clock that is behind the newest entry's time is turned on to it.
  ///
  /// - Returns: Whether it was behind.
  func setClockRight(after recorded: Timestamp?) -> Bool {
    guard let recorded, time.now() < recorded else { return false }
    trace.note("clock set right")
    time.set(recorded)
    return true
  }
}

// Processes.
extension Machine {
  /// - Throws: what opening the ledger throws; then no process has started.
  func start(for purpose: Ledger.Purpose = .appending) throws -> SimulatedProcess {
    try run { number in
      try Ledger.open(
        directory: path, for: purpose, secrets: secrets, time: time, random: random,
        observer: Watch(number, on: self), anchor: SimulatedAnchor(of: number, on: self))
    }
  }

  /// A process that makes the ledger's files.
  func startCreating() throws -> SimulatedProcess {
    try run { number in
      try Ledger.create(
        directory: path, secrets: secrets, time: time, random: random,
        observer: Watch(number, on: self), anchor: SimulatedAnchor(of: number, on: self))
    }
  }

  private func run(_ open: (Int32) throws -> Ledger) throws -> SimulatedProcess {
    started += 1
    let number = started
    disk.setProcess(number)
    let process = SimulatedProcess(number, try open(number))
    guard isAlive(number) else { throw Ended() }
    processes.append(process)
    return process
  }

  /// Ends a process as it should: the anchor is synced, the connections are closed.
  func stop(_ process: SimulatedProcess) throws {
    processes.removeAll { $0 === process }
    try process.ledger.close()
  }

  func kill(_ number: Int32) {
    trace.note("kill \(number)")
    disk.kill(number)
    dead.insert(number)
  }

  func powerOff() {
    trace.note("power off")
    disk.powerOff()
    dead.formUnion(1...max(started, 1))
    hasLostPower = true
  }

  /// 100 ms pass.
  func runLater() {
    let due = later
    later = []
    for (process, work) in due where isAlive(process) { work() }
  }

  func isAlive(_ number: Int32) -> Bool { !dead.contains(number) }

  /// Lets go of the dead, after the call in which they died.
  ///
  /// - Returns: Whether the power had gone.
  func bury() -> Bool {
    processes.removeAll { !isAlive($0.number) }
    disk.bury()
    defer { hasLostPower = false }
    later.removeAll { !isAlive($0.process) }
    return hasLostPower
  }
}
