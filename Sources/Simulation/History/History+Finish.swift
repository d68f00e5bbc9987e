import Foundation
import LedgerStore
import TestKit
import TransparencyLog
import Verification

// The end of every history: nothing fails any more, and all of it must be there.
extension History {
  /// The power goes a last time, perhaps; then the ledger must open, hold everything and go on.
  func finish() throws {
    machine.trace.note("finish")
    if chance.happens(onceIn: 2) { machine.powerOff() }
    settleDeaths()
    try start()
    _ = machine.setClockRight(after: reference.entries.last?.recorded)
    guard let process = machine.processes.last else { return }
    let size = reference.size
    let last = try health()
    try append([last], by: process)
    guard reference.size == size + 1 else {
      throw Deviation.refused(action: "the last append", error: "nothing was recorded")
    }
    try look(process, fully: true)
    try revealAll(process)
    try endProperly()
  }

  /// Every personal value still opens.
  private func revealAll(_ process: SimulatedProcess) throws {
    machine.disk.setProcess(process.number)
    for (position, entry) in reference.entries.enumerated() where !entry.sealed.isEmpty {
      let revealed = try process.ledger.reveal(at: position, index: 0, pointer: "/comment")
      guard case .value = revealed else { throw Deviation.valueLost(position: position) }
    }
  }

  /// After a proper end the anchor has seen everything.
  func expectAnchor() throws {
    try showAnchor()
    let contents = try SQLiteLedger(directory: machine.path)
      .contents(countingRows: false)
    guard case .note(let text) = contents.anchor else {
      throw Deviation.anchorBehind(anchored: 0, size: reference.size)
    }
    let anchored = try Checkpoint(parsing: SignedNote(parsing: text).text).size
    guard anchored == reference.size else {
      throw Deviation.anchorBehind(anchored: anchored, size: reference.size)
    }
  }

  /// Verification reads the real file.
  private func showAnchor() throws {
    let bytes = machine.disk.read(machine.anchorPath, count: 4_096) ?? []
    try Data(bytes).write(to: URL(fileURLWithPath: machine.anchorPath))
  }

  /// Another implementation derives everything again.
  func verify() async throws {
    try showAnchor()
    let report = try await LedgerVerifier(workers: 1).verify(
      SQLiteLedger(directory: machine.path, vaultKey: machine.secrets.vaultKey))
    let size = reference.size
    guard report.isSound, report.size == size, report.root == reference.root(ofSize: size) else {
      let findings = report.findings.prefix(3).map { "\($0)" }
      throw Deviation.unsound(findings: findings + ["\(report.size) of \(size) entries"])
    }
  }
}
