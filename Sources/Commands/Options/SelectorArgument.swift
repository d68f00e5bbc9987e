import ArgumentParser
import Environments
import Events
import LedgerStore
import Operations
import Projections

/// An environment as it is now, or a release or moment of it.
struct SelectorArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "production, production#812, production~2, production@2026-11-01T00:00Z; otherwise detected.",
      valueName: "environment"))
  var word: String?

  /// - Returns: The environment, and the selector where more than the environment was named.
  func parse(in context: CommandContext) throws -> (KnownEnvironment, Selector?) {
    guard let word, word.isSelector else {
      return (try context.detect(named: word).environment, nil)
    }
    let selector = try context.selector(word)
    let environment = try KnownEnvironment(argument: selector.environment.rawValue)
    return (try context.detect(named: environment.rawValue).environment, selector)
  }
}

/// A moment of the whole ledger, for what belongs to no environment.
struct MomentOption: ParsableArguments {
  @Option(help: "As of this UTC time, like 2026-11-01Z; otherwise now.") var at: String?

  /// - Throws: ``MomentAhead``; `ValidationError` for what is no time.
  func moment(of session: Session, in context: CommandContext) async throws -> Session.Moment {
    guard let at else { return try await session.now() }
    return try await session.moment(at: context.past(at))
  }
}

extension CommandContext {
  /// As a person types it: the environment by any spelling that there is for it.
  ///
  /// - Throws: `IdentifierError`; ``MomentAhead``; `ValidationError` for an environment that there
  ///   is not.
  func selector(_ text: String) throws -> Selector {
    guard !text.contains("..") else {
      throw ValidationError(
        "'\(text)' is two moments, and one is asked for here: `stele diff \(text)` compares them")
    }
    let selector = try Selector(parsing: text)
    let environment = try KnownEnvironment(argument: selector.environment.rawValue)
    if case .time(let moment) = selector.choice { try requireOver(moment, named: "\(selector)") }
    return Selector(environment.name, selector.choice)
  }

  /// A UTC time that is over.
  ///
  /// - Throws: ``MomentAhead``; `ValidationError` for what is no time.
  func past(_ text: String) throws -> Timestamp {
    let time = try Timestamp(argument: text)
    try requireOver(time, named: text)
    return time
  }

  /// - Throws: ``MomentAhead``.
  func requireOver(_ moment: Timestamp, named text: String) throws(MomentAhead) {
    let now = time.now()
    guard moment <= now else { throw MomentAhead(text: text, now: now) }
  }

  /// - Throws: As ``selector(_:)``.
  func selectorRange(_ text: String) throws -> SelectorRange {
    let range = try SelectorRange(parsing: text)
    return SelectorRange(from: try selector("\(range.from)"), to: try selector("\(range.to)"))
  }
}

extension CommandContext {
  /// The entries that concern an environment, a release of it, or all from one release to another.
  ///
  /// - Parameter releases: Nil for all entries.
  /// - Throws: As ``selector(_:)``; `SelectorError`; `EntryRangeError`; ``ApplicationUnclear``.
  func range(
    _ releases: String?, _ filter: EntryFilter, in session: Session
  ) async throws -> EntryRange {
    var range = EntryRange(filter)
    guard let releases else { return range }
    guard releases.contains("..") || releases.isSelector else {
      let environment = try KnownEnvironment(argument: releases).name
      guard filter.environment == nil || filter.environment == environment else {
        throw ValidationError(
          "'\(releases)' and --environment are two environments: name one of them")
      }
      range.filter.environment = environment
      return range
    }
    let application = try await application(of: session)
    let state = try await session.state()
    if releases.contains("..") {
      try range.narrow(to: selectorRange(releases), of: application, in: state)
    } else {
      try range.narrow(to: selector(releases), of: application, in: state)
    }
    return range
  }
}

/// Somebody asked what will be; the ledger knows what was.
struct MomentAhead: ExitingError, Equatable {
  /// As it was named.
  let text: String
  let now: Timestamp

  var exitStatus: ExitStatus { .badData }

  var description: String {
    """
    Nothing was looked up: \(text) has not come yet, this machine's clock says \(now).
    Name a moment that is over, or leave the time out for now.
    """
  }
}

extension String {
  /// More than the name of an environment.
  var isSelector: Bool { contains { "#~@".contains($0) } }
}
