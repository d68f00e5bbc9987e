import Foundation
import LedgerStore

/// What every append writes: that this user can.
struct DoctorWriting {
  private let ledger: String
  private let stateDirectory: String

  init(_ workspace: Workspace, stateDirectory: String) {
    ledger = workspace.ledger
    self.stateDirectory = stateDirectory
  }

  private static let expected = "read and written by you"

  func findings() -> [DoctorFinding] {
    let wrong = paths.compactMap { path in
      WriteAccess.obstacle(path).map { Self.finding(path, errno: $0) }
    }
    guard wrong.isEmpty else { return wrong }
    return [
      DoctorFinding(
        .files, "writing", .ok, "what appending writes can be written", expected: Self.expected)
    ]
  }

  /// Those that are missing are made in their folder.
  private var paths: [String] {
    let databases = LedgerInspection.File.allCases.flatMap { file in
      ["", "-wal", "-shm"].map { file.rawValue + $0 }
    }
    return [ledger] + (databases + ["anchor", "lock", "denials"]).map { ledger + "/" + $0 }
      + [stateDirectory, stateDirectory + "/lock"]
  }

  private static func finding(_ path: String, errno: Int32) -> DoctorFinding {
    DoctorFinding(
      .files, "writing", .failed,
      "\(path) cannot be written: \(String(cString: strerror(errno))) (\(errno))",
      expected: expected, next: next(path, errno))
  }

  private static func next(_ path: String, _ errno: Int32) -> String {
    var status = stat()
    guard errno != EROFS, stat(path, &status) == 0 else { return "findmnt -T \(path)" }
    guard status.st_uid == geteuid() else { return "chown $USER \(path)" }
    return "chmod \(status.st_mode & S_IFMT == S_IFDIR ? "u+rwx" : "u+rw") \(path)"
  }
}
