import Foundation
import LedgerStore

/// The counts of denials that wait for their entry: that they can be read, and always could.
struct DoctorDenials {
  /// Nil where the ledger does not open, and nobody knows whose keys are its.
  private let file: DenialFile?

  init(_ workspace: Workspace, keys: KeyRing?) {
    file = keys.map { DenialFile(workspace, keys: $0) }
  }

  private static let expected = "counts that can be read"

  func findings() -> [DoctorFinding] {
    guard let file else {
      return [
        .unknown(
          .files, "denials", "the ledger does not open", expected: Self.expected,
          next: "stele verify")
      ]
    }
    do {
      let content = try file.content()
      return [Self.finding(content, at: file.path, setAside: try file.setAside())]
    } catch {
      return [
        .unknown(
          .files, "denials", "\(error)", expected: Self.expected, next: "ls -l \(file.path)")
      ]
    }
  }

  private static func finding(
    _ content: DenialFile.Content, at path: String, setAside: [String]
  ) -> DoctorFinding {
    switch content {
    case .damaged:
      DoctorFinding(
        .files, "denials", .failed, "\(path) cannot be read: repeated denials are not counted",
        expected: expected,
        next: "stele log --kind access.decided.v1, once another decision has set it aside")
    case .counts where !setAside.isEmpty:
      DoctorFinding(
        .files, "denials", .warning,
        "\(setAside.count) damaged, set aside: \(setAside.joined(separator: ", "))",
        expected: expected, next: "rm \(setAside.joined(separator: " "))")
    case .counts(let count):
      DoctorFinding(
        .files, "denials", .ok, "\(count) wait for their entry", expected: expected)
    }
  }
}
