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

  func findings() -> [DoctorFinding] { [orphans, erasures, newest, vaultKey, snapshotKey] }

  private var erasures: DoctorFinding {
    let expected = "rows by their rules, and no key of anybody who is erased"
    do {
      for file in [LedgerInspection.File.vault, .peopleKeys] { try inspection.checkRows(of: file) }
      try inspection.checkErasures()
      return DoctorFinding(.vault, "rows", .ok, "as they should be", expected: expected)
    } catch LedgerError.erasureUndone(let path, let people) {
      return DoctorFinding(
        .vault, "rows", .failed, "\(LedgerError.erasureUndone(path: path, people: people))",
        expected: expected, next: "stele restore FOLDER --vault-only")
    } catch LedgerError.notFound(let path) {
      return .unknown(
        .vault, "rows", "\(path) is not here", expected: expected, next: "stele restore FOLDER")
    } catch {
      return DoctorFinding(
        .vault, "rows", .failed, "\(error)", expected: expected,
        next: "stele restore FOLDER --people-keys FILE")
    }
  }

  private var newest: DoctorFinding {
    let expected = "the newest sealed value opens"
    guard let keys, let secrets = try? keys.vaultSecrets() else {
      return .unknown(
        .vault, "newest", "vault.key is not at hand", expected: expected, next: "stele verify")
    }
    do {
      try inspection.openNewestSealed(with: secrets)
      return DoctorFinding(.vault, "newest", .ok, "it opens", expected: expected)
    } catch LedgerError.tombstoneInvalid(let path, let line) {
      // A restore reads the same file, and would stop at the same line.
      return DoctorFinding(
        .vault, "newest", .failed, "\(LedgerError.tombstoneInvalid(path: path, line: line))",
        expected: expected, next: "stele log --kind privacy.erased")
    } catch {
      return DoctorFinding(
        .vault, "newest", .failed, "\(error)", expected: expected, next: "stele restore FOLDER")
    }
  }

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
