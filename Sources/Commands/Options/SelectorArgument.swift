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

extension CommandContext {
  /// As a person types it: the environment by any spelling that there is for it.
  ///
  /// - Throws: `IdentifierError`; ``MomentAhead``; `ValidationError` for an environment that there
  ///   is not.
  func selector(_ text: String) throws -> Selector {
    let selector = try Selector(parsing: text)
    let environment = try KnownEnvironment(argument: selector.environment.rawValue)
    let now = time.now()
    if case .time(let moment) = selector.choice, moment > now {
      throw MomentAhead(selector: selector, now: now)
    }
    return Selector(environment.name, selector.choice)
  }

  /// - Throws: As ``selector(_:)``.
  func selectorRange(_ text: String) throws -> SelectorRange {
    let range = try SelectorRange(parsing: text)
    return SelectorRange(from: try selector("\(range.from)"), to: try selector("\(range.to)"))
  }
}

/// Somebody asked what will be; the ledger knows what was.
struct MomentAhead: ExitingError, Equatable {
  let selector: Selector
  let now: Timestamp

  var exitStatus: ExitStatus { .badData }

  var description: String {
    """
    Nothing was looked up: \(selector) has not come yet, this machine's clock says \(now).
    Name a moment that is over, or leave it out for now: \(selector.environment)
    """
  }
}

extension String {
  /// More than the name of an environment.
  var isSelector: Bool { contains { "#~@".contains($0) } }
}
