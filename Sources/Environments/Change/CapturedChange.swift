import Events

/// Where a build comes from, as far as it could be found out, and what said so.
///
/// Nothing in it names a person: authors are opaque ids or absent, addresses have lost user names
/// and passwords, paths on somebody's machine are left out. The message is what a person wrote:
/// the caller seals it.
package struct CapturedChange: Hashable, Sendable {
  package let author: Captured<ActorID>?
  /// 40 or 64 lower-case hex digits.
  package let commit: Captured<String>?
  /// A URL without user name, password, query and fragment.
  package let repository: Captured<String>?
  /// The pipeline run's URL.
  package let run: Captured<String>?
  package let ticket: Captured<Ticket>?
  /// Personal: to be sealed. At most ``messageByteCountMax`` UTF-8 bytes, cut at a character.
  package let message: Captured<String>?
  /// What somebody who reads the record should know, one sentence each, without personal values.
  package let warnings: [String]

  package static let messageByteCountMax = 8_192
}

/// A value with what said it.
package struct Captured<Value: Hashable & Sendable>: Hashable, Sendable {
  package let value: Value
  package let source: ChangeSource

  package init(_ value: Value, from source: ChangeSource) {
    self.value = value
    self.source = source
  }
}

/// What said something about a change.
package enum ChangeSource: Hashable, Sendable {
  /// An option of the command.
  case flag
  /// A variable that a CI system set.
  case variable(String)
  case git
}

extension ChangeSource: CustomStringConvertible {
  package var description: String {
    switch self {
    case .flag: "flag"
    case .variable(let name): name
    case .git: "git"
    }
  }
}

/// What the command line says about a change.
package struct ChangeFlags: Hashable, Sendable {
  package let author: ActorID?
  package let commit: String?
  package let repository: String?
  package let run: String?
  package let ticket: String?
  package let message: String?

  package init(
    author: ActorID? = nil, commit: String? = nil, repository: String? = nil, run: String? = nil,
    ticket: String? = nil, message: String? = nil
  ) {
    self.author = author
    self.commit = commit
    self.repository = repository
    self.run = run
    self.ticket = ticket
    self.message = message
  }
}

/// A flag whose value cannot be recorded.
package enum ChangeFlagError: Error, Hashable, Sendable {
  case commit(String)
  case repository
  case run
  case ticket(String)
}

extension ChangeFlagError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .commit(let text):
      "Nothing was recorded: '\(text)' is no full commit id. Write what `git rev-parse HEAD` says."
    case .repository:
      "Nothing was recorded: the repository is no URL. Write one such as https://host/group/name."
    case .run:
      "Nothing was recorded: the run is no URL. Write the address of the pipeline's page."
    case .ticket(let text):
      "Nothing was recorded: '\(text)' is no ticket. Write one such as OPS-204, without blanks."
    }
  }
}
