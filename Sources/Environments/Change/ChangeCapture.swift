import Events

/// Puts together what flags, CI variables and git say about a change.
package enum ChangeCapture {
  /// A flag wins over everything. For commit and message git comes next, because it says what lies
  /// in the directory that was built; for repository and run the CI system, because it knows the
  /// address under which people find them.
  ///
  /// - Parameters:
  ///   - variables: The process's environment.
  ///   - git: Nil where there is no repository or no git.
  /// - Throws: ``ChangeFlagError`` for a flag that cannot be recorded; what CI and git say is left
  ///   out instead.
  package static func change(
    flags: ChangeFlags, variables: [String: String], git: GitFacts?
  ) throws(ChangeFlagError) -> CapturedChange {
    let pipeline = PipelineFacts(variables: variables)
    let named = try FlagFacts(flags)
    let gitCommit = git?.commit.map { Captured($0, from: .git) }
    let message =
      (named.message ?? git?.message.map { Captured($0, from: .git) } ?? pipeline.message)
    let commit = named.commit ?? gitCommit ?? pipeline.commit
    return CapturedChange(
      author: flags.author.map { Captured($0, from: .flag) }, commit: commit,
      repository: named.repository ?? pipeline.repository
        ?? git?.origin.flatMap(WebAddress.repository).map { Captured($0, from: .git) },
      run: named.run ?? pipeline.run,
      ticket: named.ticket ?? pipeline.ticket
        ?? message.flatMap { message in
          Ticket.named(in: message.value).map { Captured($0, from: message.source) }
        },
      message: message.flatMap(recordable),
      warnings: warnings(commit: commit, pipeline: pipeline.commit, git: git))
  }

  /// What a sealed value can hold: no zero byte, no byte order mark, cut to the limit; nil if
  /// nothing is left.
  private static func recordable(_ message: Captured<String>) -> Captured<String>? {
    var text = ""
    var byteCount = 0
    for character in message.value {
      let kept = String(
        String.UnicodeScalarView(character.unicodeScalars.filter { $0 != "\0" && $0 != "\u{FEFF}" })
      )
      byteCount += kept.utf8.count
      guard byteCount <= CapturedChange.messageByteCountMax else { break }
      text += kept
    }
    return text.isEmpty ? nil : Captured(text, from: message.source)
  }

  private static func warnings(
    commit: Captured<String>?, pipeline: Captured<String>?, git: GitFacts?
  ) -> [String] {
    var warnings: [String] = []
    if let changed = git?.changedFileCount, changed > 0 {
      warnings.append("\(changed) files differ from the commit, so it does not say what was built.")
    }
    for other in [pipeline, git?.commit.map { Captured($0, from: .git) }].compactMap(\.self) {
      guard let commit, commit.value != other.value else { continue }
      warnings.append(
        "\(commit.source) says commit \(commit.value.prefix(12)), "
          + "\(other.source) says \(other.value.prefix(12)).")
    }
    return warnings
  }
}

/// The flags, checked.
private struct FlagFacts {
  let commit: Captured<String>?
  let repository: Captured<String>?
  let run: Captured<String>?
  let ticket: Captured<Ticket>?
  let message: Captured<String>?

  init(_ flags: ChangeFlags) throws(ChangeFlagError) {
    commit = try Self.checked(
      flags.commit, CommitID.normalized,
      orElse: .commit(Secrecy.shown(flags.commit ?? "", at: "")))
    repository = try Self.checked(flags.repository, WebAddress.repository, orElse: .repository)
    run = try Self.checked(flags.run, WebAddress.page, orElse: .run)
    ticket = try Self.checked(
      flags.ticket, Ticket.init(recordable:),
      orElse: .ticket(Secrecy.shown(flags.ticket ?? "", at: "")))
    message = flags.message.map { Captured($0, from: .flag) }
  }

  private static func checked<Value>(
    _ text: String?, _ parse: (String) -> Value?, orElse error: ChangeFlagError
  ) throws(ChangeFlagError) -> Captured<Value>? {
    guard let text else { return nil }
    guard let value = parse(text) else { throw error }
    return Captured(value, from: .flag)
  }
}
