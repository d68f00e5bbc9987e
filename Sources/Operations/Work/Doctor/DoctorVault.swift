import Foundation
import LedgerStore

/// Personal values: that what opens them is here, and that each belongs to an entry.
struct DoctorVault {
  private let inspection: LedgerInspection
  private let keys: KeyRing?

  init(_ workspace: Workspace, keys: KeyRing?) {
    inspection = LedgerInspection(LedgerDirectory(workspace.ledger))
    self.keys = keys
  }

  func findings() -> [DoctorFinding] { [orphans, vaultKey, snapshotKey] }

  private var orphans: DoctorFinding {
    let expected = "none without its entry"
    do {
      let (settled, unsettled) = try inspection.orphans()
      return Self.orphans(settled: settled, unsettled: unsettled)
    } catch {
      return .unknown(
        .vault, "orphans", "\(error)", expected: expected, next: "stele restore FOLDER")
    }
  }

  static func orphans(settled: Int, unsettled: Int) -> DoctorFinding {
    let words =
      "\(settled) settled" + (unsettled > 0 ? ", \(unsettled) of a crash that are swept next" : "")
    return DoctorFinding(
      .vault, "orphans", settled + unsettled == 0 ? .ok : .warning, words,
      expected: "none without its entry", next: "stele backup FOLDER, which leaves them out")
  }

  private var vaultKey: DoctorFinding {
    secret("vault.key", "opens people's keys", \.vaultKey) { try inspection.unlock(with: $0) }
  }

  private var snapshotKey: DoctorFinding {
    secret("snapshot.key", "32 bytes, yours, 0600", \.snapshotKey) { _ in }
  }

  private func secret(
    _ name: String, _ expected: String, _ path: KeyPath<KeyRing, String>,
    _ check: ([UInt8]) throws -> Void
  ) -> DoctorFinding {
    guard let keys else {
      return .unknown(
        .vault, name, "the ledger does not say which key ring is its", expected: expected,
        next: "stele verify")
    }
    do {
      try check(SecretFile.read(keys[keyPath: path]))
      return DoctorFinding(.vault, name, .ok, "at \(keys[keyPath: path])", expected: expected)
    } catch {
      return DoctorFinding(
        .vault, name, .failed, "\(error)", expected: expected,
        next: "ls -l \(keys.directory)")
    }
  }
}
