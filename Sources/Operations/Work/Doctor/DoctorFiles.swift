import Foundation

/// Who may read and write what a ledger is made of.
struct DoctorFiles {
  private let workspace: Workspace
  private let keys: KeyRing?
  private let stateDirectory: String

  init(_ workspace: Workspace, keys: KeyRing?, variables: [String: String]) {
    self.workspace = workspace
    self.keys = keys
    stateDirectory = KeyRing.stateDirectory(variables: variables)
  }

  /// What a file of a place may be at most.
  private struct Rule {
    let name: String
    let root: String
    /// Bits that nobody but the owner may have.
    let forbidden: mode_t
    let next: String
  }

  func findings() -> [DoctorFinding] {
    var findings = [
      finding(
        Rule(
          name: "ledger", root: workspace.ledger, forbidden: 0o022,
          next: "chmod -R go-w \(workspace.ledger)")),
      finding(
        Rule(
          name: "state", root: stateDirectory, forbidden: 0o022,
          next: "chmod -R go-w \(stateDirectory)")),
    ]
    if let keys {
      findings.append(
        finding(
          Rule(
            name: "keys", root: keys.directory, forbidden: 0o077,
            next: "chmod -R go-rwx \(keys.directory)")))
    } else {
      findings.append(
        .unknown(
          .files, "keys", "the ledger does not say which key ring is its", expected: "0600",
          next: "stele verify"))
    }
    return findings + secrets
      + DoctorWriting(workspace, stateDirectory: stateDirectory).findings()
  }

  /// Everything below a folder: ours, no links, and not open to others.
  private func finding(_ rule: Rule) -> DoctorFinding {
    let expected =
      rule.forbidden == 0o077 ? "yours, 0600, folders 0700" : "yours, written by nobody else"
    guard let paths = FileManager.default.subpaths(atPath: rule.root) else {
      return .unknown(
        .files, rule.name, "\(rule.root) cannot be listed", expected: expected,
        next: "ls -ld \(rule.root)")
    }
    let all = [rule.root] + paths.map { rule.root + "/" + $0 }
    let wrong = all.compactMap { problem(of: $0, forbidden: rule.forbidden) }
    guard let first = wrong.first else {
      return DoctorFinding(
        .files, rule.name, .ok, "\(all.count) files below \(rule.root)", expected: expected)
    }
    let more = wrong.count > 1 ? " and \(wrong.count - 1) more" : ""
    return DoctorFinding(
      .files, rule.name, .failed, first.words + more, expected: expected,
      next: first.isOwner ? "chown -R $USER \(rule.root)" : rule.next)
  }

  /// Databases with personal values, or whole histories: for their owner's eyes alone.
  private var secrets: [DoctorFinding] {
    ["ledger.sqlite", "vault.sqlite", "vault-keys.sqlite"].map { name in
      let path = workspace.ledger + "/" + name
      var status = stat()
      guard lstat(path, &status) == 0 else {
        return DoctorFinding(
          .files, name, .failed, "\(path) is missing", expected: "there, yours, 0600",
          next: "stele restore FOLDER")
      }
      let wrong = problem(of: path, forbidden: 0o077)
      return DoctorFinding(
        .files, name, wrong == nil ? .ok : .failed,
        wrong?.words ?? "0" + String(status.st_mode & 0o7777, radix: 8), expected: "yours, 0600",
        next: wrong?.isOwner ?? false ? "chown $USER \(path)" : "chmod 600 \(path)")
    }
  }

  private struct Problem {
    let words: String
    let isOwner: Bool
  }

  /// Artifacts have links of their own, and a socket is as safe as the folder it is in.
  private func problem(of path: String, forbidden: mode_t) -> Problem? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }  // Gone since it was listed.
    guard status.st_uid == geteuid() else {
      return Problem(
        words: "\(path) is of user \(status.st_uid), you are \(geteuid())", isOwner: true)
    }
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFLNK, kind != S_IFSOCK, status.st_mode & forbidden != 0 else { return nil }
    return Problem(
      words: "\(path) has mode 0" + String(status.st_mode & 0o7777, radix: 8), isOwner: false)
  }
}
