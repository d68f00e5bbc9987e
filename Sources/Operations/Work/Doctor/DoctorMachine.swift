import Events
import Foundation
import LedgerStore
import Platforms

/// The machine's clock, against the ledger's newest entry and by the kernel's own word.
struct DoctorClock: Sendable {
  let time: any TimeSource
  let session: Session?

  /// How far the log's clock can be held back; beyond it appending is refused.
  private static let heldMicroseconds: Int64 = 1_000_000

  func findings() async -> [DoctorFinding] {
    [newestEntry, Self.synchronization(KernelClock.isSynchronized)]
  }

  private var newestEntry: DoctorFinding {
    guard let recorded = try? session?.ledger.head().recorded else {
      return .unknown(
        .clock, "newest entry", "the ledger does not open", expected: "not after now",
        next: "stele verify")
    }
    return Self.newestEntry(recorded, now: time.now())
  }

  static func newestEntry(_ recorded: Timestamp, now: Timestamp) -> DoctorFinding {
    let ahead = recorded.microseconds(since: now)
    let verdict: DoctorFinding.Verdict =
      ahead > heldMicroseconds ? .failed : ahead > 0 ? .warning : .ok
    return DoctorFinding(
      .clock, "newest entry", verdict, "recorded \(recorded), and it is \(now)",
      expected: "not after now; more than 1 s refuses to append", next: "timedatectl")
  }

  static func synchronization(_ isSynchronized: Bool?) -> DoctorFinding {
    let expected = "kept right by NTP"
    guard let isSynchronized else {
      return .unknown(
        .clock, "synchronization", "the kernel does not say", expected: expected,
        next: "timedatectl")
    }
    return DoctorFinding(
      .clock, "synchronization", isSynchronized ? .ok : .warning,
      isSynchronized ? "synchronized" : "nothing keeps it right", expected: expected,
      next: "apt-get install systemd-timesyncd")
  }
}

/// Room where the ledger is.
struct DoctorDisk {
  private let workspace: Workspace

  init(_ workspace: Workspace) { self.workspace = workspace }

  /// Below this appending is about to fail.
  private static let bytesMin = 256 << 20
  private static let filesMin = 10_000

  func findings() -> [DoctorFinding] {
    var status = statvfs()
    guard statvfs(workspace.ledger, &status) == 0 else {
      return [
        .unknown(
          .disk, "room", "\(workspace.ledger) is on no file system that says", expected: "room",
          next: "df \(workspace.ledger)")
      ]
    }
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    let isReadOnly = status.f_flag & UInt(ST_RDONLY) != 0
    return [
      Self.bytes(free, ledger: ledgerBytes), Self.files(Int(status.f_favail), Int(status.f_files)),
      DoctorFinding(
        .disk, "writable", isReadOnly ? .failed : .ok, isReadOnly ? "read-only" : "writable",
        expected: "writable", next: "findmnt -T \(workspace.ledger)"),
    ]
  }

  private var ledgerBytes: Int {
    LedgerInspection.File.allCases.reduce(0) { sum, file in
      var status = stat()
      let path = workspace.ledger + "/" + file.rawValue
      return stat(path, &status) == 0 ? sum + Int(status.st_size) : sum
    }
  }

  /// Room for the ledger once more, as a restore needs, is comfortable.
  static func bytes(_ free: Int, ledger: Int) -> DoctorFinding {
    let comfortable = ledger + 4 * bytesMin
    let verdict: DoctorFinding.Verdict =
      free < bytesMin ? .failed : free < comfortable ? .warning : .ok
    return DoctorFinding(
      .disk, "room", verdict, "\(free) bytes free",
      expected: "\(comfortable), the ledger once more and 1 GiB",
      next: "df -h; du -xh --max-depth=1")
  }

  /// A file system without a table of files says 0 of 0.
  static func files(_ free: Int, _ all: Int) -> DoctorFinding {
    DoctorFinding(
      .disk, "files", all > 0 && free < filesMin ? .warning : .ok,
      all == 0 ? "this file system counts none" : "\(free) more can be made",
      expected: "\(filesMin) or more", next: "df -i")
  }
}
