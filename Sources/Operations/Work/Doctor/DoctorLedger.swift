import Events
import LedgerStore
import TransparencyLog

/// The ledger's databases: whether they open, how, and whether the anchor keeps up.
struct DoctorLedger: Sendable {
  private let inspection: LedgerInspection
  private let opened: Result<Session, any Error>
  private let directory: LedgerDirectory

  init(_ workspace: Workspace, _ opened: Result<Session, any Error>) {
    directory = LedgerDirectory(workspace.ledger)
    inspection = LedgerInspection(directory)
    self.opened = opened
  }

  func findings() async -> [DoctorFinding] {
    [opening, await reading, anchor, checkpoint] + LedgerInspection.File.allCases.map(settings)
      + LedgerInspection.File.allCases.map { Self.log($0.rawValue, inspection.logBytes(of: $0)) }
  }

  private var opening: DoctorFinding {
    let expected = "opens with its anchor, schema and settings"
    do {
      let head = try opened.get().ledger.head()
      return DoctorFinding(
        .ledger, "opens", .ok, "\(head.size) entries of \(head.origin?.description ?? "nobody")",
        expected: expected)
    } catch {
      return DoctorFinding(
        .ledger, "opens", .failed, "\(error)", expected: expected, next: "stele verify")
    }
  }

  /// Read like a command that acts reads it: from the newest snapshot on.
  private var reading: DoctorFinding {
    get async {
      let expected = "what was read is all that the log's key has signed"
      do {
        let size = try await opened.get().readWhole()
        return DoctorFinding(.ledger, "reading", .ok, "\(size) entries", expected: expected)
      } catch {
        return DoctorFinding(
          .ledger, "reading", .failed, "\(error)", expected: expected, next: "stele verify")
      }
    }
  }

  private func settings(_ file: LedgerInspection.File) -> DoctorFinding {
    let check = "settings of \(file.rawValue)"
    let expected = "WAL, FULL, and the others of FORMAT.md; the schema's own digest"
    do {
      let settings = try inspection.settings(of: file).joined(separator: " ")
      return DoctorFinding(.ledger, check, .ok, settings, expected: expected)
    } catch {
      return DoctorFinding(
        .ledger, check, .failed, "\(error)", expected: expected, next: "stele restore FOLDER")
    }
  }

  /// The anchor may lag by what a crash interrupted; opening has checked that it does not lead.
  private var anchor: DoctorFinding {
    let expected = "the newest checkpoint"
    do {
      let session = try opened.get()
      guard let note = try directory.anchored().first?.note else {
        return DoctorFinding(
          .ledger, "anchor", .failed, "it holds no checkpoint", expected: expected,
          next: "stele restore FOLDER")
      }
      let size = try Checkpoint(parsing: SignedNote(parsing: note).text).size
      let head = try session.ledger.head()
      return Self.anchor(size, of: head.size, isSigned: head.checkpoint != nil)
    } catch {
      return .unknown(
        .ledger, "anchor", "the ledger does not open", expected: expected, next: "stele verify")
    }
  }

  static func anchor(_ anchored: Int, of size: Int, isSigned: Bool) -> DoctorFinding {
    let lag = max(0, size - anchored)  // Appended since it was read, when it seems to lead.
    guard lag == 0 || isSigned else {
      return DoctorFinding(
        .ledger, "anchor", .failed,
        "\(lag) entries behind, and no checkpoint covers them: whatever is appended is refused",
        expected: "0, or a checkpoint of the log's key", next: "stele verify")
    }
    return DoctorFinding(
      .ledger, "anchor", lag == 0 ? .ok : .warning, "\(lag) entries behind",
      expected: "0; the next append mends it", next: "stele verify")
  }

  private var checkpoint: DoctorFinding {
    let expected = "signed for every entry"
    guard let head = try? opened.get().ledger.head() else {
      return .unknown(
        .ledger, "checkpoint", "the ledger does not open", expected: expected,
        next: "stele verify")
    }
    return DoctorFinding(
      .ledger, "checkpoint", head.checkpoint == nil ? .warning : .ok,
      head.checkpoint == nil
        ? "none for all \(head.size)" : "for all \(head.size)",
      expected: expected, next: "stele verify")
  }

  static func log(_ name: String, _ bytes: Int) -> DoctorFinding {
    let usual = LedgerInspection.logBytesUsual, limit = LedgerInspection.logBytesMax
    let verdict: DoctorFinding.Verdict = bytes > limit ? .failed : bytes > usual ? .warning : .ok
    return DoctorFinding(
      .ledger, "log of \(name)", verdict, "\(bytes) bytes",
      expected: "\(usual) at most; beyond \(limit) appending waits for who reads",
      next: "lsof \(name)-wal")
  }
}
