/// What git says about the directory that was built, parsed from what its commands print.
package struct GitFacts: Hashable, Sendable {
  /// 40 or 64 lower-case hex digits; nil before the first commit.
  package let commit: String?
  package let message: String?
  /// The address of the remote called `origin`, as git has it.
  package let origin: String?
  /// Files that differ from the commit, untracked ones included.
  package let changedFileCount: Int

  /// Arguments after `git`: the commands whose output ``init(log:origin:status:)`` reads.
  package static let logArguments = ["log", "-1", "--no-show-signature", "--format=%H%n%B"]
  package static let originArguments = ["config", "--get", "remote.origin.url"]
  package static let statusArguments = ["status", "--porcelain=v1", "-z", "--no-renames"]

  /// - Parameters:
  ///   - log: What `git` printed for ``logArguments``: the commit's id on the first line, then its
  ///     message. Nil or empty if it failed.
  ///   - origin: For ``originArguments``; nil or empty without such a remote.
  ///   - status: For ``statusArguments``: one zero byte after every file.
  package init(log: String?, origin: String?, status: String?) {
    let lines = (log ?? "").split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    commit = lines.first.map(String.init).flatMap(CommitID.normalized)
    let body = lines.count > 1 ? lines[1].trimmingEnds : ""
    message = body.isEmpty ? nil : body
    let address = (origin ?? "")[...].trimmingEnds
    self.origin = address.isEmpty ? nil : address
    changedFileCount = (status ?? "").split(separator: "\0").count
  }
}

/// The full name of a commit: SHA-1 or SHA-256.
enum CommitID {
  /// Lower case; nil for anything but 40 or 64 hexadecimal digits, and for all zeros, which CI
  /// systems write for "none".
  static func normalized(_ text: String) -> String? {
    let text = text.lowercased()
    guard text.wholeMatch(of: #/[0-9a-f]{40}|[0-9a-f]{64}/#) != nil,
      text.contains(where: { $0 != "0" })
    else { return nil }
    return text
  }
}

extension Substring {
  fileprivate var trimmingEnds: String {
    String(
      drop(while: { $0.isWhitespace }).reversed().drop(while: { $0.isWhitespace }).reversed())
  }
}
