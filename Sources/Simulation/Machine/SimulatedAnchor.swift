import CSimulatedDisk
import Foundation
import LedgerStore

/// The anchor on the simulated disk, as one process reaches it.
final class SimulatedAnchor: AnchorStorage {
  private let number: Int32
  // Safe: the machine, and whatever it runs, belongs to one thread.
  private nonisolated(unsafe) weak var machine: Machine?

  init(of number: Int32, on machine: Machine) {
    self.number = number
    self.machine = machine
  }

  func read(_ count: Int) throws(LedgerError) -> [UInt8]? {
    machine.flatMap { $0.disk.read($0.anchorPath, count: count) }
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(LedgerError) {
    try carryOut(CSIM_WRITE, "write", at: offset, count: bytes.count) {
      $0.disk.write(bytes, to: $0.anchorPath, at: offset)
    }
  }

  func sync() throws(LedgerError) {
    try carryOut(CSIM_SYNC, "sync", at: 0, count: 0) { $0.disk.sync($0.anchorPath) }
  }

  func soon(_ work: @escaping @Sendable () -> Void) { machine?.later.append((number, work)) }

  /// Asks the machine first, as for any operation of this process.
  private func carryOut(
    _ kind: csim_operation, _ name: String, at offset: Int, count: Int,
    _ change: (Machine) -> Void
  ) throws(LedgerError) {
    guard let machine else { return }  // The simulation is over.
    let path = machine.anchorPath
    let operation = SimulatedDisk.Operation(
      process: number, kind: kind, path: path, offset: Int64(offset), count: Int64(count))
    let answer = machine.isAlive(number) ? machine.decide(operation) : .done
    guard machine.isAlive(number) else {
      throw LedgerError.system(operation: name, path: path, errno: EIO)
    }
    switch answer {
    case .done: if machine.plant != .forgottenAnchor { change(machine) }
    case .lied: break
    case .full: throw LedgerError.system(operation: name, path: path, errno: ENOSPC)
    case .failed: throw LedgerError.system(operation: name, path: path, errno: EIO)
    case .forgotten:
      machine.disk.forget(path)
      throw LedgerError.system(operation: name, path: path, errno: EIO)
    }
  }
}
