import CSimulatedDisk
import LedgerStore

/// The process was ended by the simulation while it did something; nobody got its answer.
struct Ended: Error {}

// What goes wrong, at the operations of the disk and between the steps of a write.
extension Machine {
  /// Answers one operation of a process.
  func decide(_ operation: SimulatedDisk.Operation) -> SimulatedDisk.Answer {
    trace.note(
      "\(operation.process) \(operation.kind.word) \(operation.file) \(operation.offset) "
        + "\(operation.count)")
    meanwhile(operation.process)
    if plant == .skippedSync, operation.kind == CSIM_SYNC { return .lied }
    return interrupt(operation)
  }

  private func interrupt(_ operation: SimulatedDisk.Operation) -> SimulatedDisk.Answer {
    switch interruption {
    case .kill(after: 0):
      interruption = nil
      kill(operation.process)
    case .powerOff(after: 0):
      interruption = nil
      powerOff()
    case .full(after: 0) where operation.kind == CSIM_WRITE: return .full
    case .syncFails(after: 0) where operation.kind == CSIM_SYNC:
      interruption = nil
      trace.note("sync fails")
      processes.first { $0.number == operation.process }?.hasSeenFailedSync = true
      return isForgetful ? .forgotten : .failed
    case .kill(let after) where after > 0: interruption = .kill(after: after - 1)
    case .powerOff(let after) where after > 0: interruption = .powerOff(after: after - 1)
    case .full(let after) where after > 0: interruption = .full(after: after - 1)
    case .syncFails(let after) where after > 0 && operation.kind == CSIM_SYNC:
      interruption = .syncFails(after: after - 1)
    case nil, .kill, .powerOff, .full, .syncFails, .killAt, .powerOffAt: break
    }
    return .done
  }

  /// A write of `process` has come to `point`.
  fileprivate func reached(_ point: WritePoint, by process: Int32) throws(LedgerError) {
    trace.note("\(process) \(point.rawValue)")
    switch interruption {
    case .killAt(point):
      interruption = nil
      kill(process)
    case .powerOffAt(point):
      interruption = nil
      powerOff()
    case nil, .kill, .killAt, .powerOff, .powerOffAt, .full, .syncFails: return
    }
    throw LedgerError.system(operation: "kill", path: path, errno: 0)
  }
}

/// Tells the machine how far a process's writes have come.
final class Watch: WriteObserver {
  private let number: Int32
  // Safe: the machine, and whatever it runs, belongs to one thread.
  private nonisolated(unsafe) weak var machine: Machine?

  init(_ number: Int32, on machine: Machine) {
    self.number = number
    self.machine = machine
  }

  func reached(_ point: WritePoint) throws(LedgerError) {
    try machine?.reached(point, by: number)
  }
}

extension csim_operation {
  fileprivate var word: String {
    switch self {
    case CSIM_WRITE: "writes"
    case CSIM_TRUNCATE: "truncates"
    case CSIM_SYNC: "syncs"
    case CSIM_DELETE: "deletes"
    default: "does \(rawValue) to"
    }
  }
}
