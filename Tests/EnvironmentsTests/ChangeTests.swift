import Events
import Testing

@testable import Environments

/// Where a build comes from, without anybody's name.
@Suite struct ChangeTests {
  static let commit = "0123456789abcdef0123456789abcdef01234567"
  static let other = "fedcba9876543210fedcba9876543210fedcba98"
  static let gitHub = [
    "GITHUB_SHA": commit, "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "tamma/tamma", "GITHUB_RUN_ID": "17", "GITHUB_RUN_ATTEMPT": "2",
    "GITHUB_ACTOR": "alice", "GITHUB_TRIGGERING_ACTOR": "alice",
  ]
  static let gitLab = [
    "CI_COMMIT_SHA": commit, "CI_PROJECT_URL": "https://gitlab.example.com/tamma/tamma",
    "CI_PIPELINE_URL": "https://gitlab.example.com/tamma/tamma/-/pipelines/9",
    "CI_COMMIT_MESSAGE": "Fix it\n\nRefs: #17\n", "GITLAB_USER_EMAIL": "alice@example.com",
    "CI_COMMIT_AUTHOR": "Alice <alice@example.com>",
  ]

  @Test func `what git prints is understood`() {
    let git = GitFacts(
      log: "\(Self.commit.uppercased())\nFix the parser\n\nTicket: OPS-204\n\n",
      origin: "git@github.com:tamma/tamma.git\n", status: " M a.swift\0?? new file\0")

    #expect(git.commit == Self.commit)
    #expect(git.message == "Fix the parser\n\nTicket: OPS-204")
    #expect(git.origin == "git@github.com:tamma/tamma.git")
    #expect(git.changedFileCount == 2)
  }

  @Test(arguments: [nil, "", "fatal: not a git repository\n"])
  func `where git says nothing there are no facts`(output: String?) {
    let git = GitFacts(log: output, origin: output == "" ? "" : nil, status: nil)

    #expect(git.commit == nil)
    #expect(git.message == nil)
    #expect(git.origin == nil)
    #expect(git.changedFileCount == 0)
  }

  @Test func `git's own output is understood`() async throws {
    let scratch = try Scratch()
    let script = """
      import subprocess, sys
      def git(*arguments, quiet=False):
          told = subprocess.run(["git", "-C", sys.argv[1], "-c", "user.name=A", "-c",
                                 "user.email=a@b", *arguments], capture_output=True, text=True)
          return told.stdout
      git("init", "-q")
      git("config", "remote.origin.url", "https://host.example/x.git")
      git("commit", "-q", "--allow-empty", "-m", "One\\n\\nTwo")
      open(sys.argv[1] + "/ä b", "w")
      sys.stdout.write("\\x01".join(git(*line.split("\\x02")) for line in sys.argv[2:]))
      """
    let commands = [GitFacts.logArguments, GitFacts.originArguments, GitFacts.statusArguments]
    let parts = try await python(
      ["-c", script, scratch.path] + commands.map { $0.joined(separator: "\u{2}") }
    ).split(separator: "\u{1}", omittingEmptySubsequences: false).map(String.init)

    let git = GitFacts(log: parts[0], origin: parts[1], status: parts[2])

    #expect(git.commit?.count == 40)
    #expect(git.message == "One\n\nTwo")
    #expect(git.origin == "https://host.example/x.git")
    #expect(git.changedFileCount == 1)
  }

  @Test func `a change is taken from git alone`() throws {
    let change = try capture(
      git: GitFacts(
        log: "\(Self.commit)\nFix\n\nTicket: OPS-204", origin: "git@github.com:tamma/tamma.git",
        status: ""))

    #expect(change.commit == Captured(Self.commit, from: .git))
    #expect(change.repository == Captured("ssh://github.com/tamma/tamma.git", from: .git))
    #expect(change.ticket == Captured("OPS-204", from: .git))
    #expect(change.message == Captured("Fix\n\nTicket: OPS-204", from: .git))
    #expect(change.author == nil)
    #expect(change.run == nil)
    #expect(change.warnings.isEmpty)
  }

  @Test func `a change is taken from GitHub's variables, and no name`() throws {
    let change = try capture(variables: Self.gitHub)

    #expect(change.commit == Captured(Self.commit, from: .variable("GITHUB_SHA")))
    #expect(
      change.repository
        == Captured("https://github.com/tamma/tamma", from: .variable("GITHUB_REPOSITORY")))
    #expect(
      change.run
        == Captured(
          "https://github.com/tamma/tamma/actions/runs/17/attempts/2",
          from: .variable("GITHUB_RUN_ID")))
    #expect(!"\(change)".contains("alice"))
  }

  @Test func `a change is taken from GitLab's variables, and no name`() throws {
    let change = try capture(variables: Self.gitLab)

    #expect(change.commit == Captured(Self.commit, from: .variable("CI_COMMIT_SHA")))
    #expect(change.repository?.value == "https://gitlab.example.com/tamma/tamma")
    #expect(change.run?.value == "https://gitlab.example.com/tamma/tamma/-/pipelines/9")
    #expect(change.ticket == Captured("#17", from: .variable("CI_COMMIT_MESSAGE")))
    #expect(change.message?.value == "Fix it\n\nRefs: #17\n")
    #expect(!"\(change)".lowercased().contains("alice"))
  }

  @Test func `flags win over everything`() throws {
    let author = try ActorID(parsing: "01a2ce8b-d018-7439-99ba-497f0075d699")

    let change = try capture(
      flags: ChangeFlags(
        author: author, commit: Self.other, repository: "https://me:pw@host.example/x?y#z",
        run: "https://ci.example/1", ticket: "OPS-1", message: "Because"),
      variables: Self.gitLab.merging(["STELE_TICKET": "OPS-9"]) { $1 },
      git: GitFacts(log: "\(Self.commit)\nFix", origin: nil, status: nil))

    #expect(change.author == Captured(author, from: .flag))
    #expect(change.commit == Captured(Self.other, from: .flag))
    #expect(change.repository == Captured("https://host.example/x", from: .flag))
    #expect(change.run == Captured("https://ci.example/1", from: .flag))
    #expect(change.ticket == Captured("OPS-1", from: .flag))
    #expect(change.message == Captured("Because", from: .flag))
    #expect(
      change.warnings == [
        "flag says commit fedcba987654, CI_COMMIT_SHA says 0123456789ab.",
        "flag says commit fedcba987654, git says 0123456789ab.",
      ])
  }

  @Test func `git knows the commit better than the CI system, which knows the address better`()
    throws
  {
    let change = try capture(
      variables: Self.gitHub.merging(["STELE_TICKET": "OPS-9"]) { $1 },
      git: GitFacts(
        log: "\(Self.other)\nMerge\n", origin: "https://mirror.example/x", status: " M a\0"))

    #expect(change.commit == Captured(Self.other, from: .git))
    #expect(change.repository?.source == .variable("GITHUB_REPOSITORY"))
    #expect(change.ticket == Captured("OPS-9", from: .variable("STELE_TICKET")))
    #expect(
      change.warnings == [
        "1 files differ from the commit, so it does not say what was built.",
        "git says commit fedcba987654, GITHUB_SHA says 0123456789ab.",
      ])
  }

  @Test func `nothing known is nothing said`() throws {
    let change = try capture(
      variables: ["GITHUB_SHA": "", "CI_COMMIT_SHA": String(repeating: "0", count: 40)])

    #expect(
      change
        == CapturedChange(
          author: nil, commit: nil, repository: nil, run: nil, ticket: nil, message: nil,
          warnings: []))
  }

  @Test(arguments: [
    ("https://alice:pw@host.example:8443/a/b.git?x=1#y", "https://host.example:8443/a/b.git"),
    ("alice@host.example:group/name.git", "ssh://host.example/group/name.git"),
    ("host.example:group/name", "ssh://host.example/group/name"),
    ("ssh://git@host.example/x", "ssh://host.example/x"), ("/srv/alice/repo", nil),
    ("file:///srv/alice/repo", nil), ("../repo", nil), ("C:/Users/alice/repo", nil),
    ("https://", nil), ("host", nil), ("https://ho st/x", nil), ("", nil),
  ])
  func `a repository's address loses people and keeps its place`(text: String, address: String?) {
    #expect(WebAddress.repository(text) == address)
  }

  @Test(arguments: [
    ("https://ci.example/runs/1?token=x", "https://ci.example/runs/1"),
    ("ssh://ci.example/1", nil), ("run 17", nil),
  ])
  func `a run's address is that of a page`(text: String, address: String?) {
    #expect(WebAddress.page(text) == address)
  }

  @Test(arguments: [
    (ChangeFlags(commit: "main"), ChangeFlagError.commit("main"), "'main' is no full commit id"),
    (ChangeFlags(repository: "/srv/alice"), .repository, "the repository is no URL"),
    (ChangeFlags(run: "17"), .run, "the run is no URL"),
    (ChangeFlags(ticket: "OPS 1"), .ticket("OPS 1"), "'OPS 1' is no ticket"),
  ])
  func `a flag that cannot be recorded is refused`(
    flags: ChangeFlags, error: ChangeFlagError, words: String
  ) {
    #expect(throws: error) { try capture(flags: flags) }
    #expect("\(error)".contains(words))
    #expect("\(error)".hasPrefix("Nothing was recorded"))
  }

  @Test(arguments: [
    ("Fix UTF-8 and SHA-256", nil), ("Fix\n\nissue: ABC-1\n", "ABC-1"),
    ("Fix\n\nCloses: #4\nFixes: #5", "#5"), ("refs OPS-1", nil), ("Ticket: two words", nil),
    ("Ref: https://u:p@h", nil),
  ])
  func `a ticket is read only from a line of its own`(message: String, ticket: String?) {
    #expect(Ticket.named(in: message)?.rawValue == ticket)
  }

  @Test func `a message is kept as the ledger can hold it`() throws {
    let long = String(repeating: "é", count: 5_000)

    #expect(try capture(flags: ChangeFlags(message: long)).message?.value.utf8.count == 8_192)
    #expect(
      try capture(flags: ChangeFlags(message: "\u{FEFF}a\0b")).message?.value == "ab")
    #expect(try capture(flags: ChangeFlags(message: "\0")).message == nil)
  }

  @Test func `sources are named as people know them`() {
    #expect(
      [ChangeSource.flag, .git, .variable("CI_COMMIT_SHA")].map(\.description)
        == ["flag", "git", "CI_COMMIT_SHA"])
  }

  private func capture(
    flags: ChangeFlags = ChangeFlags(), variables: [String: String] = [:], git: GitFacts? = nil
  ) throws -> CapturedChange {
    try ChangeCapture.change(flags: flags, variables: variables, git: git)
  }
}
