import Events

/// What the variables of a CI system say about a change: GitHub Actions and GitLab CI.
///
/// Names and addresses of people (`GITHUB_ACTOR`, `GITLAB_USER_EMAIL`) are never read.
///
/// Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/variables,
/// https://docs.gitlab.com/ci/variables/predefined_variables/
struct PipelineFacts {
  let commit: Captured<String>?
  let repository: Captured<String>?
  let run: Captured<String>?
  let message: Captured<String>?
  let ticket: Captured<Ticket>?

  init(variables: [String: String]) {
    let variables = variables.filter { !$0.value.isEmpty }
    func captured<Value>(
      _ names: String..., parse: (String) -> Value?
    ) -> Captured<Value>? {
      for name in names {
        if let value = variables[name].flatMap(parse) {
          return Captured(value, from: .variable(name))
        }
      }
      return nil
    }
    commit = captured("GITHUB_SHA", "CI_COMMIT_SHA", parse: CommitID.normalized)
    message = captured("CI_COMMIT_MESSAGE") { $0 }
    ticket = captured("STELE_TICKET", parse: Ticket.init(recordable:))
    let gitHub = Self.gitHubRepository(variables)
    repository =
      gitHub.map { Captured($0, from: .variable("GITHUB_REPOSITORY")) }
      ?? captured("CI_PROJECT_URL", parse: WebAddress.repository)
    run =
      Self.gitHubRun(variables, in: gitHub).map { Captured($0, from: .variable("GITHUB_RUN_ID")) }
      ?? captured("CI_PIPELINE_URL", "CI_JOB_URL", parse: WebAddress.page)
  }

  private static func gitHubRepository(_ variables: [String: String]) -> String? {
    guard let server = variables["GITHUB_SERVER_URL"], let name = variables["GITHUB_REPOSITORY"]
    else { return nil }
    return WebAddress.repository("\(server)/\(name)")
  }

  private static func gitHubRun(
    _ variables: [String: String], in repository: String?
  ) -> String? {
    guard let repository, let run = variables["GITHUB_RUN_ID"] else { return nil }
    let attempt = variables["GITHUB_RUN_ATTEMPT"].map { "/attempts/\($0)" } ?? ""
    return WebAddress.page("\(repository)/actions/runs/\(run)\(attempt)")
  }
}

extension Ticket {
  /// A ticket that somebody names; nil for what is none, and for a secret.
  package init?(recordable text: String) {
    guard !Secrecy.isSecret(value: text) else { return nil }
    self.init(rawValue: text)
  }

  /// From a line of its own in a commit's message: `Ticket: OPS-204`, `Refs: #17`.
  ///
  /// Only such lines count: `UTF-8` in a sentence looks like a ticket too.
  static func named(in message: String) -> Ticket? {
    for line in message.split(whereSeparator: \.isNewline).reversed() {
      if let match = line.wholeMatch(of: #/(?i:ticket|issue|refs?|closes|fixes):\s*(\S+)\s*/#) {
        return Ticket(recordable: String(match.1))
      }
    }
    return nil
  }
}
