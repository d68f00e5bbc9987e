import ArgumentParser
import Environments
import Events
import Operations
import Projections

/// Whose access is meant.
struct ActorArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "An actor's id, its beginning or end, or a file with their key.", valueName: "who"))
  var who: String

  /// - Throws: ``AccessWorkError``: the ledger knows nobody, or several, by the word.
  func resolve(in context: CommandContext, _ state: LedgerState) throws -> ActorID {
    try state.actor(named: who, keyAt: context.absolute(who))
  }
}

/// Where access counts.
struct ReachOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Environments, or all.", valueName: "name"))
  var environment: [String]

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Applications; all if none is named.", valueName: "name"))
  var application: [String] = []

  @Option(help: "Until this UTC time, like 2027-01-01Z or 2027-01-01T14:30Z; otherwise for good.")
  var until: String?

  func reaching() throws -> AccessChange.Reaching {
    let applications: Reach<ApplicationTag> =
      application.isEmpty || application == ["all"]
      ? .all : .only(Set(try application.map { try ApplicationName(parsing: $0) }))
    return AccessChange.Reaching(
      applications: applications, environments: try Reach(environments: environment))
  }

  func end() throws -> Timestamp? { try until.map(Timestamp.init(argument:)) }
}

/// Why access is changed.
struct GroundsOptions: ParsableArguments {
  @Option(help: "Why, in your own words; kept where it can be erased.")
  var reason: String?

  @Option(help: "Where it was asked for, like OPS-12; kept in clear.")
  var ticket: String?

  /// - Throws: `ValidationError` for what is no ticket.
  func grounds() throws -> AccessGrounds {
    AccessGrounds(
      reason: reason,
      ticket: try ticket.map { text in
        guard let ticket = Ticket(recordable: text) else {
          throw ValidationError(
            "'\(Secrecy.shown(text, at: ""))' is no ticket: write one like OPS-12, without blanks; "
              + "words belong into --reason")
        }
        return ticket
      })
  }
}

extension Reach<EnvironmentTag> {
  /// - Throws: `ValidationError` for a word that is no environment.
  init(environments words: [String]) throws {
    guard words != ["all"] else {
      self = .all
      return
    }
    self = .only(
      Set(
        try words.map { word in
          guard let known = KnownEnvironment(spelling: word) else {
            throw ValidationError(
              "'\(word)' is no environment: write all, or \(KnownEnvironment.spellings)")
          }
          return known.name
        }))
  }
}

extension Timestamp {
  /// A moment as somebody types it.
  ///
  /// - Throws: `ValidationError`.
  init(argument text: String) throws {
    guard let time = Timestamp(abbreviated: text[...]) else {
      throw ValidationError("'\(text)' is no time: write UTC like 2026-11-01Z or 2026-11-01T14:30Z")
    }
    self = time
  }
}

extension AccessRole: ExpressibleByArgument {
  /// For help texts.
  static let words = allCases.map(\.rawValue).joined(separator: ", ")
}
